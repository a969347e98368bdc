import { expect, signIn, test } from "./support/fixtures";

test("a page of the console asks a stranger to sign in", async ({ page, running }) => {
  await page.goto(`${running.url}/apis`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a wrong password is said without saying whether the account exists, and what was typed stays", async ({ page, running }) => {
  await page.goto(`${running.url}/sign-in`);
  await page.getByLabel("E-mail").fill(running.email);
  await page.getByLabel("Password", { exact: true }).fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "password" })).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(running.email);
});

test("someone who signs out is out", async ({ page, running }) => {
  await signIn(page, running);
  await page.getByRole("button", { name: /Administrator/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto(`${running.url}/apis`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("after ten wrong passwords the account waits, whatever address a header claims", async ({ page, running, request }) => {
  const account = "throttled@example.com";
  const attempt = async (index: number) => {
    const { csrfToken } = await (await request.get(`${running.url}/api/auth/csrf`)).json();
    const response = await request.post(`${running.url}/api/auth/callback/credentials`, {
      form: { csrfToken, email: account, password: "wrong password", json: "true" },
      headers: { "X-Forwarded-For": `203.0.113.${index}`, "X-Gatewright-Peer": `203.0.113.${index}` },
    });
    return String((await response.json()).url);
  };
  for (let index = 1; index <= 10; index += 1) expect(await attempt(index)).toContain("CredentialsSignin");
  expect(await attempt(11)).toContain("Throttled");
  await page.goto(`${running.url}/sign-in`);
  await page.getByLabel("E-mail").fill(account);
  await page.getByLabel("Password", { exact: true }).fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Too many attempts" })).toBeVisible();
});

test("after sign-in one lands where one wanted to go, but never on another site", async ({ page, running }) => {
  await page.goto(`${running.url}/sign-in?callbackUrl=${encodeURIComponent("https://evil.example/")}`);
  await page.getByLabel("E-mail").fill(running.email);
  await page.getByLabel("Password", { exact: true }).fill(running.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${running.url}/apis`);
});
