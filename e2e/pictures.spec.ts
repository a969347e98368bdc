import { mkdirSync } from "node:fs";
import { expect, test } from "./support/fixtures";

/** Where the README's pictures go with `UPDATE_PICTURES=1`; otherwise they are only taken, so that they can be. */
const FOLDER = process.env.UPDATE_PICTURES ? "docs/images" : "test-results/pictures";

test("the Policy Studio shows the lanes of a guarded API, as the README's picture does", async ({ console: page, running, management }) => {
  mkdirSync(FOLDER, { recursive: true });
  const created = await management.call<{ id: string }>("POST", "/apis", {
    name: "Shop orders",
    version: "2.1.0",
    contextPath: "/shop/orders",
    endpoints: { production: { url: `${running.url}/samples/echo` } },
    resources: [{ name: "company-as", type: "oauth2-builtin", config: { server: "default" } }],
    flowSelection: "best",
    flows: [
      {
        name: "Everything needs a token",
        request: [
          { policy: "oauth2", config: { resource: "company-as", requiredScopes: ["orders:read"] } },
          { policy: "transform-headers", name: "Say who routes", config: { set: [{ name: "x-routed-by", value: "gatewright" }] } },
        ],
        response: [{ policy: "transform-headers", name: "Hide the server", config: { remove: ["server", "x-powered-by"] } }],
      },
      {
        name: "Writing needs more",
        match: { path: "/", methods: ["POST", "PUT", "DELETE"] },
        request: [{ policy: "oauth2", config: { resource: "company-as", requiredScopes: ["orders:write"] } }],
      },
      { name: "Anyone may look at the catalogue", match: { path: "/catalogue", methods: ["GET"] } },
    ],
  });
  const { id } = created.body;
  await management.call("POST", `/apis/${id}/deployments`, { label: "Orders need a token" });
  const read = await management.call<Record<string, unknown>>("GET", `/apis/${id}/definition`);
  await management.call("PUT", `/apis/${id}/definition`, { ...read.body, description: "Orders of the shop" }, { "If-Match": read.etag });
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.goto(`${running.url}/apis/${id}/studio?flow=0&step=request.0`);
    await expect(page.getByText("Say who routes")).toBeVisible();
    await expect(page.getByText("Hide the server")).toBeVisible();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${FOLDER}/policy-studio-${theme}.png` });
  }
});
