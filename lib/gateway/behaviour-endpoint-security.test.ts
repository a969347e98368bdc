import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { json, startTokenServer, type TokenServer } from "./endpoint-security/testing/token-server";
import { deployed } from "./testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "./testing/harness";
import { startBackend, type TestServer } from "./testing/servers";

type Backend = Awaited<ReturnType<typeof startBackend>>;

/** What a caller sends must not decide what the backend gets. */
const CALLERS_OWN = ["authorization", "Bearer of-the-caller", "proxy-authorization", "Basic of-the-caller"];

const BASIC = { type: "basic", username: "gatewäy", password: undefined };
const SECRET = "s3c:r+e%t&=ü";
const SECRETS = {
  "endpoints/production/password": SECRET,
  "endpoints/production/clientSecret": SECRET,
  "endpoints/production/parameters/key": "p4r4m+%&=",
};

describe.each(ADAPTERS)("endpoint security behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Backend;
  let tokens: TokenServer;
  /** What the backend takes; null takes everything. */
  let accepted: Set<string> | null = null;

  beforeAll(async () => {
    gateway = await startGateway(adapter);
    backend = await startBackend();
    tokens = await startTokenServer();
  });
  afterAll(async () => {
    await gateway.close();
    await backend.close();
    await tokens.close();
  });
  beforeEach(async () => {
    backend.calls.length = 0;
    tokens.seen.length = 0;
    gateway.ports.records.length = 0;
    accepted = null;
  });

  const deploy = async (security: object, more: { endpoint?: object; definition?: object; origin?: string } = {}) => {
    const production = { url: more.origin ?? backend.origin, security, ...more.endpoint };
    expect(await gateway.gateway.replace([deployed({ endpoints: { production }, ...more.definition }, SECRETS)])).toEqual([]);
  };

  it("sends Basic credentials instead of what the caller sends", async () => {
    await deploy({ type: "basic", username: BASIC.username });
    expect((await gateway.call("/orders/1", { headers: CALLERS_OWN })).status).toBe(200);
    const [seen] = backend.calls;
    expect(seen?.headers.authorization).toBe(`Basic ${Buffer.from(`${BASIC.username}:${SECRET}`).toString("base64")}`);
    expect(JSON.stringify(seen)).not.toContain("of-the-caller");
  });

  it("asks for one token with the configured grant, sends it with every call and never the caller's", async () => {
    await deploy({ type: "oauth2", tokenUrl: tokens.tokenUrl, clientId: "gateway", parameters: [{ name: "key", secret: true }] });
    for (const path of ["/orders/1", "/orders/2"]) expect((await gateway.call(path, { headers: CALLERS_OWN })).status).toBe(200);
    expect(tokens.seen).toHaveLength(1);
    expect(backend.calls.map((call) => call.headers.authorization)).toEqual(["Bearer token-1", "Bearer token-1"]);
  });
});
