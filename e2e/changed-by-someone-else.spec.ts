import { expect, type Management, test } from "./support/fixtures";

const CHANGED = /Someone else changed this after you opened it\. Nothing was saved\./;

const read = async (management: Management, path: string) => (await management.call("GET", path)).body;

test("settings of an authorization server that someone else changed meanwhile are not overwritten unseen", async ({
  console: page,
  running,
  management,
}) => {
  const { body: server } = await management.call<{ id: string }>("POST", "/authorization-servers", {
    name: "Two people",
    audience: "api://two",
  });
  const path = `/authorization-servers/${server.id}`;
  await page.goto(`${running.url}${path}/settings`);
  const form = page.getByRole("form", { name: "General" });
  await form.getByLabel("Audience").fill("api://mine");
  expect((await management.call("PATCH", path, { audience: "api://theirs" })).status).toBe(200);

  await form.getByRole("button", { name: "Save settings" }).click();
  await expect(form.getByRole("alert")).toHaveText(CHANGED);
  expect(await read(management, path)).toMatchObject({ audience: "api://theirs" });
  await expect(form.getByLabel("Audience")).toHaveValue("api://mine");

  // The user sees the conflict and decides.
  await form.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByText("Settings saved")).toBeVisible();
  expect(await read(management, path)).toMatchObject({ audience: "api://mine" });

  // Two forms of one page don't get in each other's way.
  await form.getByLabel("Audience").fill("api://again");
  await page.getByRole("button", { name: "Deactivate authorization server" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Deactivate authorization server" }).click();
  await expect(page.getByRole("button", { name: "Activate authorization server", exact: true })).toBeVisible();
  await form.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByText("Settings saved").first()).toBeVisible();
  await expect.poll(() => read(management, path)).toMatchObject({ audience: "api://again", enabled: false });
});

test("an application that someone else changed meanwhile is neither renamed, deactivated nor deleted unseen", async ({
  console: page,
  running,
  management,
}) => {
  const { body: application } = await management.call<{ id: string }>("POST", "/applications", { name: "Shop" });
  const path = `/applications/${application.id}`;
  const theirs = (changes: object) => management.call("PATCH", path, changes);
  const choose = async (action: string) => {
    await page.getByRole("button", { name: "Application actions" }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await page.goto(`${running.url}${path}`);

  await choose("Rename application");
  const rename = page.getByRole("dialog", { name: "Rename application" });
  await rename.getByLabel("Name").fill("Mine");
  await theirs({ name: "Theirs" });
  await rename.getByRole("button", { name: "Rename application" }).click();
  await expect(rename.getByText(CHANGED)).toBeVisible();
  expect(await read(management, path)).toMatchObject({ name: "Theirs" });
  await rename.getByRole("button", { name: "Rename application" }).click();
  await expect(page.getByRole("heading", { name: "Mine" })).toBeVisible();

  await choose("Deactivate application");
  await theirs({ name: "Theirs again" });
  await page.getByRole("alertdialog").getByRole("button", { name: "Deactivate application" }).click();
  await expect(page.getByText(CHANGED)).toBeVisible();
  expect(await read(management, path)).toMatchObject({ name: "Theirs again", enabled: true });
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();

  await choose("Delete application");
  const remove = page.getByRole("alertdialog");
  await remove.getByRole("textbox").fill("Theirs again");
  await theirs({ dpopBound: true });
  await remove.getByRole("button", { name: "Delete application" }).click();
  await expect(remove.getByText(CHANGED)).toBeVisible();
  await remove.getByRole("button", { name: "Delete application" }).click();
  await expect(page).toHaveURL(/\/applications$/);
});

test("Undeploy takes down the deployment that it names, and no later one", async ({ console: page, running, management }) => {
  const { body: api } = await management.call<{ id: string }>("POST", "/apis", {
    name: "Undeployed",
    version: "1.0.0",
    contextPath: "/undeployed",
    endpoints: { production: { url: `${running.url}/samples/echo` } },
  });
  const path = `/apis/${api.id}`;
  await management.call("POST", `${path}/deployments`, { label: "first" });
  await page.goto(`${running.url}${path}/deployments`);
  await page.getByRole("button", { name: "Undeploy API" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Undeploy the API?" });
  await expect(dialog.getByText(/Gateways stop serving deployment 1/)).toBeVisible();

  // The console looks at the API every ten seconds. Here it doesn't see what happens meanwhile.
  const reads = `**/api/v1${path}`;
  await page.route(reads, (route) => route.abort());
  const draft = await management.call<Record<string, unknown>>("GET", `${path}/definition`);
  await management.call("PUT", `${path}/definition`, { ...draft.body, description: "second" }, { "If-Match": draft.etag });
  await management.call("POST", `${path}/deployments`, { label: "second" });
  await dialog.getByRole("button", { name: "Undeploy API" }).click();
  await expect(dialog.getByText(CHANGED)).toBeVisible();
  expect(await read(management, path)).toMatchObject({ activeDeployment: { number: 2 } });

  await page.unroute(reads);
  await expect(dialog.getByText(/Gateways stop serving deployment 2/)).toBeVisible({ timeout: 20_000 });
  await dialog.getByRole("button", { name: "Undeploy API" }).click();
  await expect.poll(() => read(management, path)).toMatchObject({ activeDeployment: null });
});
