import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createGateway } from "@/lib/gateway/gateway";
import { deployed, testOptions, testPorts } from "@/lib/gateway/testing/fixtures";
import { STARTING } from "@/lib/gateway-host/health";
import { ownAnswers } from "./own-answers";

const READY = { ...STARTING, ready: true };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server that answers 299 to whatever is not the process's own. */
async function started(health = READY, publicPath = "") {
  const gateway = createGateway(testPorts(), testOptions);
  const flows = [{ match: { path: "/" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }];
  const resources = [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }];
  await gateway.replace([
    deployed({ contextPath: "/orders/eu", endpoints: { production: { url: "http://localhost:9" } }, flows, resources }),
  ]);
  const own = ownAnswers({
    gateway,
    health: () => health,
    metrics: async () => "",
    metricsTokens: ["metrics-token-of-the-test"],
    publicPath,
  });
  const server = createServer((incoming, outgoing) => {
    if (!own(incoming, outgoing, incoming.url ?? "")) outgoing.writeHead(299).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  return async (path: string, method = "GET", headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

describe("what the process answers itself", () => {
  it.each([
    ["/healthz", 200],
    ["/healthz?now", 200],
    ["/readyz", 200],
    ["/metrics", 401],
    ["/.well-known", 404],
    ["/.well-known/anything", 404],
    ["/.well-known/oauth-protected-resource-of-another", 404],
    ["/.well-known/oauth-protected-resource/orders/eu", 200],
    ["/.well-known/oauth-protected-resource/orders/eu/", 200],
    ["/.well-known/oauth-protected-resource/orders", 404],
    ["/.well-known/oauth-protected-resource/orders%2feu", 404],
    ["/healthz/x", 299],
    ["/healthzx", 299],
    ["/readyz.txt", 299],
    ["/metric", 299],
    ["/.well-knownx", 299],
    ["/orders", 299],
    ["/", 299],
  ])("%s is %i", async (path, status) => {
    const call = await started();
    expect((await call(path)).status).toBe(status);
  });

  it("says why it is degraded to operators alone", async () => {
    const call = await started({ ...READY, degraded: ["Redis is away."] });
    const said = async (authorization?: string) => JSON.parse((await call("/readyz", "GET", authorization ? { authorization } : {})).text);
    expect(await said()).toEqual({ status: "ready" });
    expect(await said("Bearer another-token-of-the-test")).toEqual({ status: "ready" });
    expect(await said("Bearer metrics-token-of-the-test")).toEqual({ status: "ready", degraded: ["Redis is away."] });
  });

  it("is read only", async () => {
    const call = await started();
    for (const path of ["/healthz", "/readyz", "/metrics", "/.well-known/oauth-protected-resource/orders/eu"]) {
      const post = await call(path, "POST");
      expect(post.status).toBe(405);
      expect(post.headers.get("allow"), path).toMatch(/^GET, HEAD(?:, OPTIONS)?$/);
      expect((await call(path, "HEAD")).text).toBe("");
    }
  });

  it("may be read from any origin where it is metadata", async () => {
    const call = await started();
    const preflight = await call("/.well-known/oauth-protected-resource/orders/eu", "OPTIONS");
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
  });

  it("finds metadata below the path of the public URL, with and without it", async () => {
    const call = await started(READY, "/api");
    for (const path of ["/api/orders/eu", "/orders/eu"])
      expect((await call(`/.well-known/oauth-protected-resource${path}`)).status).toBe(200);
    expect((await call("/.well-known/oauth-protected-resource/apix/orders/eu")).status).toBe(404);
  });

  it("is 503 for every call before the first deployments are here, and says when to come again", async () => {
    const call = await started(STARTING);
    const answer = await call("/orders");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    expect((await call("/readyz")).status).toBe(503);
    expect((await call("/healthz")).status).toBe(200);
  });

  it("is not ready while it drains, and goes on answering", async () => {
    const call = await started({ ...READY, draining: true });
    expect((await call("/readyz")).status).toBe(503);
    expect((await call("/orders")).status).toBe(299);
  });
});
