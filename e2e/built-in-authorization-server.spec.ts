import { expect, test } from "./support/fixtures";
import { createApi, deploy, openTab, saveDraft } from "./support/steps";

test("an API is secured with the default authorization server and tried, all in the console", async ({ console: page, running }) => {
  await page.goto(`${running.url}/applications/new`);
  await page.getByLabel("Name", { exact: true }).fill("Shop");
  await page.getByRole("button", { name: "Create application" }).click();
  await page.getByRole("button", { name: "I have saved it" }).click();

  await createApi(page, running.url, { name: "Guarded", backend: "sample" });
  await openTab(page, "Studio");
  await page.getByRole("button", { name: "Require a token for all operations" }).click();
  const dialog = page.getByRole("dialog", { name: "Add resource" });
  await dialog.getByRole("radio", { name: /Gatewright authorization server/ }).check({ force: true });
  await dialog.getByRole("button", { name: "Add resource" }).click();
  await saveDraft(page);
  await deploy(page, 1);

  await openTab(page, "Try it");
  const response = page.getByRole("region", { name: "Response" });
  await page.getByRole("radio", { name: "No token" }).check({ force: true });
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(response.getByText("401").first()).toBeVisible();
  await expect(response.getByText(/No OAuth authorization header was supplied/).first()).toBeVisible();

  await page.getByRole("radio", { name: "From an application" }).check({ force: true });
  await page
    .getByRole("button", { name: "Application", exact: true })
    .or(page.getByRole("button", { name: /Application$/ }))
    .first()
    .click();
  await page.getByRole("option", { name: /Shop/ }).click();
  await page.getByRole("button", { name: "Get token" }).click();
  await expect(page.getByRole("button", { name: "Get new token" })).toBeVisible();
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(response.getByText("200").first()).toBeVisible();
  await expect(response.getByText(/x-gatewright-client-id/).first()).toBeVisible();
});
