import { expect, test } from "./support/fixtures";

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
  await page.getByRole("button", { name: "Require a token for everything" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a resource" });
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

test("unsaved changes are not lost when one leaves the page, or reloads it", async ({ console: page, running, management }) => {
  const created = await management.call<{ id: string }>("POST", "/apis", {
    name: "Unsaved",
    version: "1.0.0",
    contextPath: "/unsaved",
    endpoints: { production: { url: `${running.url}/samples/echo` } },
  });
  await page.goto(`${running.url}/apis/${created.body.id}/studio`);
  await page.getByRole("button", { name: "Require a token for everything" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a resource" });
  await dialog.getByRole("radio", { name: /Gatewright authorization server/ }).check({ force: true });
  await dialog.getByRole("button", { name: "Add resource" }).click();
  await page.getByRole("link", { name: "Applications" }).click();
  await expect(page.getByRole("dialog").or(page.getByRole("alertdialog"))).toBeVisible();
  expect(page.url()).toContain("/studio");
});
