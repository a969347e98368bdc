import type { Page } from "@playwright/test";
import { expect, type Running, test } from "./support/fixtures";

/** Ends the session of a page elsewhere, as signing out in another tab does. */
async function endSession(page: Page, running: Running): Promise<void> {
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const csrf = await page.request.get(`${running.url}/api/auth/csrf`);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const answer = await fetch(`${running.url}/api/auth/signout`, {
    method: "POST",
    headers: { cookie: cookies },
    body: new URLSearchParams({ csrfToken, json: "true" }),
  });
  expect(answer.status).toBe(200);
  expect((await page.request.get(`${running.url}/api/v1/apis`)).status()).toBe(401);
}

test("a session that ends during an edit asks for the password and keeps the input", async ({ console: page, running }) => {
  await page.goto(`${running.url}/applications/new`);
  await page.getByLabel("Name", { exact: true }).fill("Typed before the session ended");
  await endSession(page, running);

  const create = page.getByRole("button", { name: "Create application" });
  await create.click();
  const dialog = page.getByRole("alertdialog", { name: "Sign in" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByLabel("Email")).toHaveValue(running.email);
  await dialog.getByLabel("Password").fill("wrong password");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Incorrect");
  await dialog.getByLabel("Password").fill(running.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toBeHidden();

  await expect(page).toHaveURL(`${running.url}/applications/new`);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Typed before the session ended");
  await create.click();
  const names = async () => {
    const { items } = (await (await page.request.get(`${running.url}/api/v1/applications`)).json()) as { items: { name: string }[] };
    return items.map(({ name }) => name);
  };
  await expect.poll(names).toContain("Typed before the session ended");
});

test("a list that loads after the session ended asks for the password and then appears", async ({ console: page, running }) => {
  // A list that is still loading would show the dialog itself.
  const listed = page.waitForResponse((response) => response.url().startsWith(`${running.url}/api/v1/apis`));
  await page.goto(`${running.url}/apis`);
  await listed;
  await endSession(page, running);
  await page.getByRole("link", { name: "Applications" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Sign in" });
  await dialog.getByLabel("Password").fill(running.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { name: "Applications", level: 1 })).toBeVisible();
});

test("a page that a stranger opens comes after the sign-in", async ({ page, running }) => {
  await page.goto(`${running.url}/applications/new?from=mail`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.getByLabel("Email").fill(running.email);
  await page.getByLabel("Password", { exact: true }).fill(running.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${running.url}/applications/new?from=mail`);
});
