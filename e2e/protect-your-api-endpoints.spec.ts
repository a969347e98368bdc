import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { createApi, deploy, openTab, saveDraft } from "./support/steps";

const DOCUMENT = `openapi: 3.1.0
info: { title: Who am I, version: 1.0.0 }
paths:
  /whoami:
    get: { summary: Who calls }
  /hello:
    get: { summary: Says hello }
`;

/** A web page of another origin with test content. */
async function startOtherOrigin() {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" });
    response.end("<!doctype html><title>Shop</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

/** A value that is shown with a button that copies it. */
async function shown(page: Page, label: string): Promise<string> {
  const button = page.getByRole("button", { name: `Copy ${label}` });
  return ((await button.locator("xpath=preceding-sibling::span").textContent()) ?? "").trim();
}

/** The result of a script's request: the status, or that the browser blocked the response. */
const callFrom = (page: Page, url: string, token: string) =>
  page.evaluate(
    async ([target, value]) => {
      try {
        return (await fetch(target, { headers: { Authorization: `Bearer ${value}` } })).status;
      } catch {
        return "refused by the browser";
      }
    },
    [url, token] as const,
  );

test("endpoints with different levels of access are protected, called with a token, and opened to a page of another origin", async ({
  console: page,
  running,
  browser,
}) => {
  test.setTimeout(150_000);
  const api = `${running.url}/gateway/endpoints`;
  const statusOf = async (path: string, token?: string) =>
    (await fetch(`${api}${path}`, token ? { headers: { Authorization: `Bearer ${token}` } } : {})).status;

  await test.step("the default server's name and audience stand in the list", async () => {
    await page.goto(`${running.url}/authorization-servers`);
    const row = page.getByRole("row").filter({ hasText: "api://default" });
    await expect(row).toContainText("Default");
    await expect(row).toContainText("api://default");
  });

  await createApi(page, running.url, { name: "Endpoints", backend: `${running.url}/samples` });
  await test.step("its operations come from its OpenAPI document, and everything needs a token but one operation", async () => {
    await openTab(page, "Studio");
    await page.getByRole("button", { name: "Require a token for all operations" }).click();
    const dialog = page.getByRole("dialog", { name: "Add resource" });
    await dialog.getByRole("radio", { name: /Gatewright authorization server/ }).check({ force: true });
    await dialog.getByRole("button", { name: "Add resource" }).click();
    await saveDraft(page);

    await openTab(page, "Access");
    await page.getByRole("button", { name: "Paste text" }).click();
    const attach = page.getByRole("dialog", { name: "Attach an OpenAPI document" });
    await attach.getByRole("textbox", { name: "OpenAPI document" }).fill(DOCUMENT);
    await attach.getByRole("button", { name: "Attach document" }).click();
    await expect(attach).toBeHidden();
    await expect(page.getByRole("row").filter({ hasText: "/whoami" })).toContainText("Token");

    await page.getByRole("button", { name: "Allow anonymous requests: GET /hello" }).click();
    const open = page.getByRole("dialog", { name: "Allow anonymous requests" });
    await open.getByRole("button", { name: "Allow anonymous" }).click();
    await page.getByRole("button", { name: "Save draft" }).click();
    await expect(page.getByText(/\d+ unsaved change/)).toBeHidden();
    await expect(page.getByRole("row").filter({ hasText: "/hello" })).toContainText(/anyone|anonymous/i);
    await deploy(page, 1);
  });

  const { clientId, clientSecret } = await test.step("an application gets an id and, once, a secret", async () => {
    await page.goto(`${running.url}/applications/new`);
    await page.getByLabel("Name", { exact: true }).fill("API services");
    await page.getByRole("button", { name: "Create application" }).click();
    await expect(page.getByRole("button", { name: "I have saved it" })).toBeVisible();
    const credentials = { clientId: await shown(page, "Client ID"), clientSecret: await shown(page, "Client secret") };
    await page.getByRole("button", { name: "I have saved it" }).click();
    return credentials;
  });

  await test.step("the scope AccessAll is created", async () => {
    await page.goto(`${running.url}/authorization-servers/default/scopes`);
    await page.getByRole("button", { name: "Add scope" }).click();
    const drawer = page.getByRole("dialog", { name: "Add scope" });
    await drawer.getByRole("textbox", { name: "Name" }).fill("AccessAll");
    await drawer.getByRole("button", { name: "Add scope" }).click();
    await expect(page.getByRole("row").filter({ hasText: "AccessAll" })).toBeVisible();
  });

  const token = await test.step("a token is asked for as the guide says", async () => {
    const response = await fetch(`${running.url}/oauth2/default/v1/token`, {
      method: "POST",
      headers: { Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "AccessAll" }),
    });
    const answer = (await response.json()) as { access_token: string; token_type: string; expires_in: number; scope: string };
    expect(answer).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: "AccessAll" });
    return answer.access_token;
  });

  await test.step("whoami needs it, hello does not", async () => {
    expect(await statusOf("/whoami", token)).toBe(200);
    expect(await statusOf("/whoami")).toBe(401);
    expect(await statusOf("/hello", token)).toBe(200);
    expect(await statusOf("/hello")).toBe(200);
  });

  await test.step("a page of another origin is refused until CORS lets it", async () => {
    const other = await startOtherOrigin();
    const visitor = await browser.newPage();
    try {
      await visitor.goto(other.origin);
      expect(await callFrom(visitor, `${api}/whoami`, token)).toBe("refused by the browser");

      await page.goto(`${running.url}/apis`);
      await page.getByRole("link", { name: "Endpoints", exact: true }).click();
      await openTab(page, "CORS");
      await page.getByRole("switch", { name: "Enable CORS" }).check({ force: true });
      await page.getByRole("textbox", { name: /Origins/ }).fill(other.origin);
      await page.keyboard.press("Enter");
      await page.getByRole("textbox", { name: /Request headers/ }).fill("Authorization");
      await page.keyboard.press("Enter");
      await saveDraft(page);
      await deploy(page, 2);

      expect(await callFrom(visitor, `${api}/whoami`, token)).toBe(200);
      // The preflight needs no token; the request does.
      expect(await callFrom(visitor, `${api}/whoami`, "wrong")).toBe(401);
    } finally {
      await visitor.close();
      await other.stop();
    }
  });
});
