import { startGenericAuthorizationServer } from "./support/authorization-server";
import { startCountingBackend } from "./support/counting-backend";
import { expect, test } from "./support/fixtures";
import { callApi, createApi, deploy, openTab, saveDraft } from "./support/steps";

test("an API is secured with an external authorization server", async ({ console: page, running }) => {
  const server = await startGenericAuthorizationServer();
  const backend = await startCountingBackend(`${running.url}/samples/echo`);
  try {
    await createApi(page, running.url, { name: "Echo", backend: backend.url });
    await deploy(page, 1);
    const echo = `${running.url}/gateway/echo`;
    expect((await callApi(echo)).status).toBe(200);

    await openTab(page, "Resources");
    await page.getByRole("button", { name: "Add resource" }).click();
    const dialog = page.getByRole("dialog", { name: "Add resource" });
    await dialog.getByRole("radio", { name: /Generic OAuth2 authorization server/ }).check({ force: true });
    await dialog.getByLabel("Name", { exact: true }).fill("company-as");
    await dialog.getByLabel("Introspection endpoint").fill(server.introspectionEndpoint);
    await dialog.getByLabel("Client ID").fill("gateway");
    await dialog.getByLabel("Client secret").fill("secret");
    await dialog.getByRole("button", { name: "Add resource" }).click();
    await saveDraft(page);

    await openTab(page, "Studio");
    await page.getByRole("button", { name: "Add flow" }).first().click();
    await page.getByRole("button", { name: "Add policy at position 1 of the request" }).click();
    await page
      .getByRole("dialog", { name: "Add policy" })
      .getByRole("button", { name: /OAuth2/ })
      .click();
    await page.getByRole("button", { name: "Authorization server" }).click();
    await page.getByRole("option", { name: /company-as/ }).click();
    await saveDraft(page);
    await expect(page.getByText(/undeployed change/i)).toBeVisible();
    expect((await callApi(echo)).status).toBe(200);

    await deploy(page, 2);
    const refused = await callApi(echo);
    expect(refused.status).toBe(401);
    expect(refused.challenge).toMatch(/^Bearer realm="\/echo", resource_metadata="[^"]+", DPoP algs="[^"]+"$/);
    expect(refused.body).toEqual({
      message: "No OAuth authorization header was supplied",
      http_status_code: 401,
      error: "OAUTH2_MISSING_HEADER",
    });

    const token = await server.token();
    const before = backend.calls();
    expect((await callApi(echo, token)).status).toBe(200);
    expect(backend.calls()).toBe(before + 1);

    const fresh = await server.token();
    await server.stop();
    const unavailable = await callApi(echo, fresh);
    expect([unavailable.status, unavailable.body.error]).toEqual([503, "OAUTH2_SERVER_UNAVAILABLE"]);
    expect(JSON.stringify(unavailable.body)).not.toContain("127.0.0.1");
    expect((await callApi(echo, token)).status).toBe(200);
  } finally {
    await server.stop();
    await backend.stop();
  }
});
