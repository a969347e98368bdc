import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MAX_CONNECTIONS_OF_CLIENT } from "../resources/introspection/checker";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { startBackend } from "../testing/servers";

const KINDS = {
  "oauth2-introspection": (origin: string) => ({ introspectionEndpoint: `${origin}/introspect`, clientId: "gw", timeoutMs: 60_000 }),
  "oauth2-gravitee-am": (origin: string) => ({ serverUrl: origin, securityDomain: "shop", clientId: "gw", timeoutMs: 60_000 }),
} as const;
const cases = ADAPTERS.flatMap((adapter) =>
  (["oauth2-introspection", "oauth2-gravitee-am"] as const).map((type) => [adapter, type] as const),
);

describe.each(cases)("a flood of made-up tokens of one client, through %s, at %s", (adapter, type) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let as: IntrospectionServer;
  let release: () => void;

  beforeAll(async () => {
    [backend, as] = await Promise.all([startBackend(), startIntrospection()]);
  });
  afterAll(() => Promise.all([backend.close(), as.close()]));
  beforeEach(async () => {
    gateway = await startGateway(adapter, { trustsProxy: (address) => address === "127.0.0.1" });
    as.questions.length = 0;
    as.hold = new Promise((resolve) => {
      release = resolve;
    });
    const api = (contextPath: string, apiId: string, more: object) =>
      deployed(
        {
          contextPath,
          endpoints: { production: { url: backend.origin } },
          resources: [{ name: "as", type, config: { ...KINDS[type](as.origin), ...more } }],
          flows: [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }],
        },
        { "resources/as/clientSecret": "secret" },
        apiId,
      );
    await gateway.gateway.replace([api("/orders", "api_1", {}), api("/stock", "api_2", { cacheTtlSeconds: 30 })]);
  });
  afterEach(async () => {
    release();
    as.hold = null;
    await gateway.close();
  });
  const send = (token: string, from: string, path = "/orders") =>
    gateway.call(path, { headers: ["authorization", `Bearer ${token}`, "x-forwarded-for", from] });

  it("leaves connections to the authorization server for the others, at every API that asks over them", async () => {
    as.answers.set("good", { active: true, client_id: "c" });
    const flood = Array.from({ length: 200 }, (_, index) => send(`bad${index}`, "198.51.100.1"));
    await expect.poll(() => as.questions.length, { timeout: 10_000 }).toBe(MAX_CONNECTIONS_OF_CLIENT);
    const others = [send("good", "198.51.100.2"), send("good", "2001:db8::1", "/stock")];
    await expect
      .poll(() => as.questions.slice(MAX_CONNECTIONS_OF_CLIENT).map(({ token }) => token), { timeout: 10_000 })
      .toEqual(["good", "good"]);
    release();
    as.hold = null;
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set((await Promise.all(flood)).map(({ status }) => status))).toEqual(new Set([401]));
  });
});
