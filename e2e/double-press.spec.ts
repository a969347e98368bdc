import { expect, test } from "./support/fixtures";

test("pressing twice creates one application and makes one deployment", async ({ console: page, running, management }) => {
  await page.goto(`${running.url}/applications/new`);
  await page.getByLabel("Name", { exact: true }).fill("Pressed twice");
  await page.getByRole("button", { name: "Create application" }).dblclick();
  await page.getByRole("button", { name: "I have saved it" }).click();
  const applications = await management.call<{ items: { name: string }[] }>("GET", "/applications?limit=200");
  expect(applications.body.items.filter((application) => application.name === "Pressed twice")).toHaveLength(1);

  const created = await management.call<{ id: string }>("POST", "/apis", {
    name: "Pressed twice",
    version: "1.0.0",
    contextPath: "/pressed-twice",
    endpoints: { production: { url: `${running.url}/samples/echo` } },
  });
  await page.goto(`${running.url}/apis/${created.body.id}`);
  await page.getByRole("button", { name: "Review and deploy" }).first().click();
  await page.getByRole("dialog", { name: "Deploy draft" }).getByRole("button", { name: "Deploy draft" }).dblclick();
  await expect(page.getByText("Deployment 1 is live")).toBeVisible();
  const deployments = await management.call<{ items: unknown[] }>("GET", `/apis/${created.body.id}/deployments`);
  expect(deployments.body.items).toHaveLength(1);
});
