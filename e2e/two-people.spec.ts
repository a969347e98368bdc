import type { Page } from "@playwright/test";
import { expect, type Management, type Running, test } from "./support/fixtures";
import { saveDraft } from "./support/steps";

test("a draft that someone else saved meanwhile is not overwritten, and both versions are shown", async ({
  console: page,
  running,
  management,
}) => {
  const created = await management.call<{ id: string }>("POST", "/apis", {
    name: "Shared",
    version: "1.0.0",
    contextPath: "/shared",
    endpoints: { production: { url: `${running.url}/samples/echo` } },
  });
  const { id } = created.body;
  await page.goto(`${running.url}/apis/${id}/studio`);
  await page.getByRole("button", { name: "Require a token for all operations" }).click();
  const dialog = page.getByRole("dialog", { name: "Add resource" });
  await dialog.getByRole("radio", { name: /Gatewright authorization server/ }).check({ force: true });
  await dialog.getByRole("button", { name: "Add resource" }).click();

  const read = await management.call<Record<string, unknown>>("GET", `/apis/${id}/definition`);
  const theirs = await management.call(
    "PUT",
    `/apis/${id}/definition`,
    { ...read.body, flows: [{ name: "Theirs" }] },
    { "If-Match": read.etag },
  );
  expect(theirs.status).toBe(200);

  await page.getByRole("button", { name: "Save draft" }).click();
  const conflict = page.getByRole("dialog", { name: "Someone else saved this draft first" });
  await expect(conflict.getByText("Theirs", { exact: true }).first()).toBeVisible();
  await expect(conflict.getByText("Yours", { exact: true }).first()).toBeVisible();
  const kept = await management.call<{ flows: { name: string }[] }>("GET", `/apis/${id}/definition`);
  expect(kept.body.flows.map((flow) => flow.name)).toEqual(["Theirs"]);
});

/** Opens the Studio of a new API and makes a change that is not saved. */
async function changeUnsaved(page: Page, running: Running, management: Management, name: string): Promise<string> {
  const created = await management.call<{ id: string }>("POST", "/apis", {
    name,
    version: "1.0.0",
    contextPath: `/${name.toLowerCase().replaceAll(" ", "-")}`,
    endpoints: { production: { url: `${running.url}/samples/echo` } },
  });
  await page.goto(`${running.url}/apis/${created.body.id}/studio`);
  await page.getByRole("button", { name: "Require a token for all operations" }).click();
  const dialog = page.getByRole("dialog", { name: "Add resource" });
  await dialog.getByRole("radio", { name: /Gatewright authorization server/ }).check({ force: true });
  await dialog.getByRole("button", { name: "Add resource" }).click();
  await expect(page.getByText(/\d+ unsaved change/)).toBeVisible();
  return created.body.id;
}

test("unsaved changes are not lost when one leaves the page", async ({ console: page, running, management }) => {
  await changeUnsaved(page, running, management, "Unsaved");
  await page.getByRole("link", { name: "Applications" }).click();
  await expect(page.getByRole("dialog").or(page.getByRole("alertdialog"))).toBeVisible();
  expect(page.url()).toContain("/studio");
});

test("the browser confirms a reload only with unsaved changes", async ({ console: page, running, management }) => {
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await changeUnsaved(page, running, management, "Reloaded");
  // Dismissing the dialog keeps the page, so the reload never ends.
  await page.evaluate(() => setTimeout(() => window.location.reload()));
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await expect(page.getByText(/\d+ unsaved change/)).toBeVisible();

  await saveDraft(page);
  await page.reload();
  await expect(page.getByRole("button", { name: "Review and deploy" })).toBeVisible();
  expect(asked).toEqual(["beforeunload"]);
});

test("the deploy dialog warns that unsaved changes aren't deployed", async ({ console: page, running, management }) => {
  const id = await changeUnsaved(page, running, management, "Not part of it");
  const review = page.getByRole("button", { name: "Review and deploy" });
  await review.click();
  const dialog = page.getByRole("dialog", { name: "Deploy draft" });
  await expect(dialog.getByText("Unsaved changes")).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await saveDraft(page);
  await review.click();
  await expect(dialog.getByRole("button", { name: "Deploy draft" })).toBeEnabled();
  await expect(dialog.getByText("Unsaved changes")).toBeHidden();
  expect((await management.call<{ items: unknown[] }>("GET", `/apis/${id}/deployments`)).body.items).toEqual([]);
});

test("the deploy dialog deploys nothing when someone saved after it was opened", async ({ console: page, running, management }) => {
  const created = await management.call<{ id: string }>("POST", "/apis", {
    name: "Seen",
    version: "1.0.0",
    contextPath: "/seen",
    endpoints: { production: { url: `${running.url}/samples/echo` } },
  });
  const { id } = created.body;
  await page.goto(`${running.url}/apis/${id}`);
  await page.getByRole("button", { name: "Review and deploy" }).click();
  const dialog = page.getByRole("dialog", { name: "Deploy draft" });
  await expect(dialog.getByRole("button", { name: "Deploy draft" })).toBeEnabled();
  const read = await management.call<Record<string, unknown>>("GET", `/apis/${id}/definition`);
  await management.call("PUT", `/apis/${id}/definition`, { ...read.body, flows: [{ name: "Theirs" }] }, { "If-Match": read.etag });

  await dialog.getByRole("button", { name: "Deploy draft" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  expect((await management.call<{ items: unknown[] }>("GET", `/apis/${id}/deployments`)).body.items).toEqual([]);
});

test("the draft that was reviewed is deployed, or none: someone else's later save stops it", async ({
  console: page,
  running,
  management,
}) => {
  const created = await management.call<{ id: string }>("POST", "/apis", {
    name: "Reviewed",
    version: "1.0.0",
    contextPath: "/reviewed",
    endpoints: { production: { url: `${running.url}/samples/echo` } },
  });
  const { id } = created.body;
  await page.goto(`${running.url}/apis/${id}`);
  await page.getByRole("button", { name: "Review and deploy" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Deploy draft" });
  await expect(dialog.getByRole("button", { name: "Deploy draft" })).toBeEnabled();

  const read = await management.call<Record<string, unknown>>("GET", `/apis/${id}/definition`);
  const flows = [{ name: "Nobody reviewed this" }];
  await management.call("PUT", `/apis/${id}/definition`, { ...read.body, flows }, { "If-Match": read.etag });

  await dialog.getByRole("button", { name: "Deploy draft" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Nothing was deployed. The draft changed since you opened this dialog.");
  const deployments = await management.call<{ items: unknown[] }>("GET", `/apis/${id}/deployments`);
  expect(deployments.body.items).toEqual([]);
});
