import AxeBuilder from "@axe-core/playwright";
import { expect, type Management, test } from "./support/fixtures";

/** Something on every page, so that what is checked is not only empty states. */
async function furnish(management: Management, url: string) {
  const api = await management.call<{ id: string }>("POST", "/apis", {
    name: "Accessible orders",
    version: "1.0.0",
    contextPath: "/accessible",
    endpoints: {
      production: { url: `${url}/samples/echo`, security: { type: "basic", username: "gateway", password: "s3cret" } },
      sandbox: {
        url: `${url}/samples/echo`,
        connectTimeoutMs: 5_000,
        security: {
          type: "oauth2",
          grantType: "password",
          tokenUrl: `${url}/oauth2/default/v1/token`,
          clientId: "gateway",
          clientSecret: "s3cret",
          username: "svc",
          password: "s3cret",
          skewSeconds: 60,
          parameters: [
            { name: "audience", value: "orders" },
            { name: "pin", value: "4711", secret: true },
          ],
        },
      },
    },
    resources: [{ name: "default-as", type: "oauth2-builtin", config: { server: "default" } }],
    flows: [
      {
        name: "Everything needs a token",
        request: [{ policy: "oauth2", config: { resource: "default-as", requiredScopes: ["orders:read"] } }],
        response: [{ policy: "transform-headers", config: { remove: ["server"] } }],
      },
      { name: "", enabled: false, match: { path: "/items/:id", operator: "equals", methods: ["GET", "DELETE"] } },
    ],
  });
  const { id } = api.body;
  await management.call("POST", `/apis/${id}/deployments`, { label: "first" });
  await management.call("PUT", `/apis/${id}/openapi`, {
    openapi: "3.1.0",
    info: { title: "Accessible orders", version: "1.0.0" },
    paths: { "/orders": { get: { summary: "List orders" }, post: { summary: "Add an order" } } },
  });
  const read = await management.call<Record<string, unknown>>("GET", `/apis/${id}/definition`);
  await management.call("PUT", `/apis/${id}/definition`, { ...read.body, description: "changed" }, { "If-Match": read.etag });
  const application = await management.call<{ id: string }>("POST", "/applications", { name: "Accessible shop" });
  const server = "/authorization-servers/default";
  await management.call("POST", `${server}/scopes`, {
    name: "accessible:read",
    description: "Read orders",
    default: true,
    published: true,
  });
  await management.call("POST", `${server}/claims`, {
    name: "shop",
    kind: "expression",
    value: "client.name",
    scopes: ["accessible:read"],
  });
  await management.call("POST", `${server}/policies`, {
    name: "Shop",
    applications: [application.body.id],
    rules: [
      { name: "Read orders", scopes: ["accessible:read"] },
      { name: "Anything", enabled: false },
    ],
  });
  await management.call("POST", `${server}/keys/rotate`, {});
  return { id, applicationId: application.body.id };
}

test("no page has an accessibility violation, in either theme", async ({ console: page, running, management }) => {
  test.setTimeout(300_000);
  const { id, applicationId } = await furnish(management, running.url);
  const api = `/apis/${id}`;
  const pages = [
    "/apis",
    "/apis/new",
    "/apis/import",
    api,
    `${api}/studio`,
    `${api}/studio?flow=0&step=request.0`,
    `${api}/endpoints`,
    `${api}/resources`,
    `${api}/access`,
    `${api}/cors`,
    `${api}/try-it`,
    `${api}/deployments`,
    `${api}/deployments/1`,
    `${api}/settings`,
    "/applications",
    "/applications/new",
    `/applications/${applicationId}`,
    "/authorization-servers",
    "/authorization-servers/default",
    "/authorization-servers/default/scopes",
    "/authorization-servers/default/claims",
    "/authorization-servers/default/policies",
    "/authorization-servers/default/keys",
    "/authorization-servers/default/preview",
    "/authorization-servers/default/settings",
    "/gateways",
    "/activity",
    "/nowhere",
  ];
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    for (const path of pages) {
      await page.goto(`${running.url}${path}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.waitForLoadState("networkidle");
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map((violation) => ({
          page: path,
          theme,
          rule: violation.id,
          at: violation.nodes.map((node) => node.target.join(" ")),
        })),
      ).toEqual([]);
    }
  }
});

test("the sign-in page has no accessibility violation, in either theme", async ({ page, running }) => {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(`${running.url}/sign-in`);
    expect((await new AxeBuilder({ page }).analyze()).violations.map((violation) => violation.id)).toEqual([]);
  }
});

test("no page needs to be scrolled sideways on a phone", async ({ console: page, running, management }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const apis = await management.call<{ items: { id: string }[] }>("GET", "/apis");
  const id = apis.body.items[0]?.id ?? "";
  for (const path of [
    "/apis",
    "/apis/new",
    `/apis/${id}`,
    `/apis/${id}/studio`,
    `/apis/${id}/endpoints`,
    `/apis/${id}/access`,
    `/apis/${id}/cors`,
    `/apis/${id}/try-it`,
    `/apis/${id}/deployments`,
    "/applications",
    "/authorization-servers/default",
    "/authorization-servers/default/scopes",
    "/authorization-servers/default/claims",
    "/authorization-servers/default/policies",
    "/authorization-servers/default/keys",
    "/authorization-servers/default/preview",
    "/authorization-servers/default/settings",
    "/gateways",
    "/activity",
  ]) {
    await page.goto(`${running.url}${path}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect({ path, overflow }).toEqual({ path, overflow: 0 });
  }
});
