import { expect, type Management, test } from "./support/fixtures";
import { callApi, deploy, openTab, saveDraft } from "./support/steps";

/** A guarded, deployed API and a good token for it; how one gets there is another journey's business. */
async function guardedApi(management: Management, url: string) {
  const application = await management.call<{ id: string }>("POST", "/applications", { name: "Redeploy shop" });
  const token = await management.call<{ accessToken: string }>("POST", `/applications/${application.body.id}/token`, {});
  const api = await management.call<{ id: string }>("POST", "/apis", {
    name: "Orders",
    version: "1.0.0",
    contextPath: "/orders",
    endpoints: { production: { url: `${url}/samples/echo` } },
    resources: [{ name: "default-as", type: "oauth2-builtin", config: { server: "default" } }],
    flows: [{ name: "Everything needs a token", request: [{ policy: "oauth2", config: { resource: "default-as" } }] }],
  });
  await management.call("POST", `/apis/${api.body.id}/deployments`, { label: "first" });
  return { id: api.body.id, token: token.body.accessToken };
}

test("a scope is required, deployed, and taken back by rolling back", async ({ console: page, running, management }) => {
  const { id, token } = await guardedApi(management, running.url);
  const orders = `${running.url}/gateway/orders`;
  expect((await callApi(orders, token)).status).toBe(200);

  await page.goto(`${running.url}/apis/${id}/studio?flow=0&step=request.0`);
  const scopes = page.getByRole("textbox", { name: "Required scopes" });
  await scopes.fill("orders:read");
  await scopes.press("Enter");
  await saveDraft(page);
  expect((await callApi(orders, token)).status).toBe(200);

  await page.getByRole("button", { name: "Review and deploy" }).click();
  await expect(page.getByRole("dialog").getByText(/required scopes: none → orders:read/i)).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await deploy(page, 2, "Require orders:read");
  const denied = await callApi(orders, token);
  expect(denied.status).toBe(403);
  expect(denied.challenge).toContain('error="insufficient_scope"');
  expect(denied.challenge).toContain('scope="orders:read"');

  await openTab(page, "Deployments");
  await page.getByRole("button", { name: "Roll back to deployment 1" }).click();
  await expect(page.getByRole("dialog").getByText("Token with scopes")).toBeVisible();
  await expect(page.getByRole("dialog").getByText("Token needed")).toBeVisible();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: /Roll back/ })
    .click();
  await expect(page.getByText(/Deployment 3 is live/)).toBeVisible();
  expect((await callApi(orders, token)).status).toBe(200);
});
