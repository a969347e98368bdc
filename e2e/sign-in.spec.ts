import { expect, signIn, test } from "./support/fixtures";

test("a console page requires sign-in", async ({ page, running }) => {
  await page.goto(`${running.url}/apis`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a wrong password doesn't reveal whether the account exists, and the email stays", async ({ page, running }) => {
  await page.goto(`${running.url}/sign-in`);
  await page.getByLabel("Email").fill(running.email);
  await page.getByLabel("Password", { exact: true }).fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "password" })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(running.email);
});

test("someone who signs out is out", async ({ page, running }) => {
  await signIn(page, running);
  await page.getByRole("button", { name: /^Account / }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto(`${running.url}/apis`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a copy of the cookie is worth nothing once its owner has signed out", async ({ page, running, playwright }) => {
  await signIn(page, running);
  const thief = await playwright.request.newContext({ storageState: await page.context().storageState() });
  expect((await thief.get(`${running.url}/api/v1/apis`)).status()).toBe(200);
  await page.getByRole("button", { name: /^Account / }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect((await thief.get(`${running.url}/api/v1/apis`)).status()).toBe(401);
  await thief.dispose();
});

test("after ten wrong passwords the account waits, whatever address a header claims", async ({ page, running }) => {
  await page.goto(`${running.url}/sign-in`);
  await page.getByLabel("Email").fill("throttled@example.com");
  await page.getByLabel("Password", { exact: true }).fill("wrong password");
  const outcomes = await page.evaluate(async () => {
    const urls: string[] = [];
    for (let index = 1; index <= 11; index += 1) {
      const { csrfToken } = await (await fetch("/api/auth/csrf")).json();
      const response = await fetch("/api/auth/callback/credentials", {
        method: "POST",
        headers: { "X-Forwarded-For": `203.0.113.${index}`, "X-Gatewright-Peer": `203.0.113.${index}` },
        body: new URLSearchParams({ csrfToken, email: "throttled@example.com", password: "wrong password", json: "true" }),
      });
      urls.push(String((await response.json()).url));
    }
    return urls;
  });
  expect(outcomes.map((url) => /CredentialsSignin|Throttled/.exec(url)?.[0])).toEqual([
    ...Array(10).fill("CredentialsSignin"),
    "Throttled",
  ]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Too many attempts" })).toBeVisible();
});

test("sign-in redirects to the requested page, but never to another site", async ({ page, running }) => {
  await page.goto(`${running.url}/sign-in?callbackUrl=${encodeURIComponent("https://evil.example/")}`);
  await page.getByLabel("Email").fill(running.email);
  await page.getByLabel("Password", { exact: true }).fill(running.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${running.url}/apis`);
});
