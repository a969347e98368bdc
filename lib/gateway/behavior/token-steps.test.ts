import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { startBackend } from "../testing/servers";

const bearer = (token: string) => ["authorization", `Bearer ${token}`];

describe.each(ADAPTERS)("the OAuth2 steps of one call behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let as: IntrospectionServer;

  const deploy = (
    steps: Record<string, unknown>[],
    more: Record<string, unknown>[] = [],
    config: Record<string, unknown> = {},
    others: Record<string, unknown> = {},
  ) => {
    const resource = (name: string, own: Record<string, unknown> = {}) => ({
      name,
      type: "oauth2-introspection",
      config: { introspectionEndpoint: `${as.origin}/introspect?${name}`, clientId: "gw", cacheTtlSeconds: 0, ...config, ...own },
    });
    const flow = (configs: Record<string, unknown>[], path: string) => ({
      match: { path },
      request: configs.map(({ enabled = true, ...one }) => ({ policy: "oauth2", enabled, config: { resource: "as", ...one } })),
    });
    return gateway.gateway.replace([
      deployed(
        {
          endpoints: { production: { url: backend.origin } },
          resources: [resource("as"), resource("other", others)],
          flows: [flow(steps, "/"), flow(more, "/items")],
        },
        { "resources/as/clientSecret": "secret", "resources/other/clientSecret": "secret" },
      ),
    ]);
  };

  beforeAll(async () => {
    [backend, as, gateway] = await Promise.all([startBackend(), startIntrospection(), startGateway(adapter)]);
  });
  afterAll(() => Promise.all([backend.close(), as.close(), gateway.close()]));
  beforeEach(() => {
    as.answers.set("good", { active: true, client_id: "shop", scope: "a b c d" });
    as.answers.set("poor", { active: true, client_id: "shop", scope: "a" });
  });
  afterEach(() => {
    backend.calls.length = 0;
    as.questions.length = 0;
    as.answers.clear();
    as.override = null;
  });

  it("ask each authorization server once about the token, also where no answer is kept", async () => {
    const steps = [{ requiredScopes: ["a"] }, { requiredScopes: ["b"] }, { resource: "other" }, {}];
    await deploy(steps, [{ requiredScopes: ["c"] }]);
    expect((await gateway.call("/orders/items", { headers: bearer("good") })).status).toBe(200);
    expect(as.questions.map(({ url }) => url)).toEqual(["/introspect?as", "/introspect?other"]);
    expect((await gateway.call("/orders/items", { headers: bearer("good") })).status).toBe(200);
    expect(as.questions).toHaveLength(4);
    expect((await gateway.call("/orders/items", { headers: bearer("poor") })).status).toBe(403);
    expect(as.questions).toHaveLength(5);
  });

  it("name all scopes that the operation needs in the challenges of 401 and 403, and none where none is needed", async () => {
    await deploy(
      [{ requiredScopes: ["a", "b"] }, { requiredScopes: ["b", "c"], scopeMode: "any" }, { requiredScopes: ["off"], enabled: false }],
      [{ requiredScopes: ["d"] }],
    );
    const challenge = async (path: string, headers: string[] = []) => {
      const { status, headers: answered } = await gateway.call(`/orders${path}`, { headers });
      return [status, /Bearer [^,]*(?:, [a-z_]+="[^"]*")*/.exec(String(answered["www-authenticate"]))?.[0].match(/scope="([^"]*)"/)?.[1]];
    };
    expect(await challenge("")).toEqual([401, "a b c"]);
    expect(await challenge("/items")).toEqual([401, "a b c d"]);
    expect(await challenge("/items", bearer("unknown"))).toEqual([401, "a b c d"]);
    expect(await challenge("/items", bearer("poor"))).toEqual([403, "a b c d"]);
    expect(await challenge("/items", ["authorization", "Bearer"])).toEqual([401, "a b c d"]);
    await deploy([{}]);
    expect(await challenge("/items")).toEqual([401, undefined]);
    const dpop = await gateway.call("/orders", { headers: ["authorization", "DPoP good"] });
    expect(dpop.status).toBe(401);
  });

  it("tell the backend who calls by the last of them alone", async () => {
    as.answers.set("person", { active: true, client_id: "shop", sub: "ann", scope: "a" });
    await deploy([{ resource: "as" }, { resource: "other" }], [], {}, { userClaim: "email", clientClaim: "app", scopesClaim: "roles" });
    expect((await gateway.call("/orders", { headers: bearer("person") })).status).toBe(200);
    const { headers = {} } = backend.calls[0] ?? {};
    expect(["subject", "client-id", "scopes"].map((name) => headers[`x-gatewright-${name}`])).toEqual([undefined, undefined, ""]);
  });

  it("let a token pass that has every one of three scopes, and none that has one or two of them", async () => {
    await deploy([{ requiredScopes: ["a", "b", "c"], scopeMode: "all" }]);
    for (const scope of ["a", "b", "c", "a b", "b c", "c a", "d", ""]) {
      as.answers.set("some", { active: true, client_id: "shop", scope });
      expect((await gateway.call("/orders", { headers: bearer("some") })).status).toBe(403);
    }
    expect(backend.calls).toHaveLength(0);
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(200);
  });

  it.each([
    ["?access_token=good", "Bearer good", 400],
    ["?access_token=", "Bearer good", 400],
    ["?x=1&access_token=other", "Bearer good", 400],
    ["?access%5Ftoken=good", "Bearer good", 400],
    ["?%61ccess_token", "DPoP good", 400],
    ["?access_token=good", "Bearer", 400],
    ["?access_token=good", "Bearer good good", 400],
    ["?access_token=good", "Basic Zm9vOmJhcg==", 401],
    ["?access_token=good", "", 401],
    ["?token=good&access_tokens=x", "Bearer good", 200],
    ["?x=access_token", "Bearer good", 200],
    ["?", "Bearer good", 200],
  ])("refuse a token in two places: %s with %s is %i", async (query, authorization, status) => {
    await deploy([{}]);
    const reply = await gateway.call(`/orders${query}`, { headers: authorization === "" ? [] : ["authorization", authorization] });
    expect(reply.status).toBe(status);
    expect(backend.calls).toHaveLength(status === 200 ? 1 : 0);
    if (status !== 400) return;
    expect(as.questions).toHaveLength(0);
    expect(JSON.parse(reply.body).error).toBe("OAUTH2_INVALID_REQUEST");
    expect(reply.headers["www-authenticate"]).toContain('error="invalid_request"');
  });

  it.each([
    [{ status: 500, body: "" }, "OAUTH2_SERVER_UNAVAILABLE"],
    [{ status: 200, body: "<html>" }, "OAUTH2_INVALID_SERVER_RESPONSE"],
  ])("say when to come again while the token can't be checked: %j", async (override, code) => {
    await deploy([{ requiredScopes: ["a"] }]);
    as.override = override;
    const reply = await gateway.call("/orders", { headers: bearer("good") });
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.body).error).toBe(code);
    expect(reply.headers["retry-after"]).toBe("1");
    expect(reply.headers["www-authenticate"]).toBeUndefined();
  });

  it("take scopes from the configured claim, and send raw Basic credentials where the server expects them", async () => {
    as.answers.set("roles", { active: true, cid: "machine", realm_access: { roles: ["x"] }, scope: "a" });
    await deploy([{ requiredScopes: ["x"] }], [], {
      scopesClaim: "realm_access.roles",
      basicEncoding: "raw",
      clientId: "svc@acme.example",
    });
    expect((await gateway.call("/orders", { headers: bearer("roles") })).status).toBe(200);
    expect(backend.calls[0]?.headers).toMatchObject({ "x-gatewright-client-id": "machine", "x-gatewright-scopes": "x" });
    const sent = String(as.questions[0]?.headers.authorization).replace("Basic ", "");
    expect(Buffer.from(sent, "base64").toString()).toBe("svc@acme.example:secret");
    expect((await gateway.call("/orders", { headers: bearer("good") })).status).toBe(403);
  });

  describe("expose the token's claims to later steps", () => {
    const claims = {
      active: true,
      sub: "alice",
      email: "a@b.example",
      realm_access: { roles: ["x", "y,z"] },
      level: 3,
      ok: false,
      odd: "é\r\nx: 1",
      deep: { a: [1] },
      // Neither of its neighbors has to be the account that the server meant.
      account: 2 ** 53,
      accounts: [1.5, Number.MAX_SAFE_INTEGER, 2 ** 53],
    };
    const deployClaims = (exposePayload: boolean, value: string, phase = "request") =>
      gateway.gateway.replace([
        deployed(
          {
            endpoints: { production: { url: backend.origin } },
            resources: [
              { name: "as", type: "oauth2-introspection", config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw" } },
            ],
            flows: [
              {
                request: [
                  { policy: "oauth2", config: { resource: "as", exposePayload } },
                  ...(phase === "request" ? [{ policy: "transform-headers", config: { set: [{ name: "X-Claim", value }] } }] : []),
                ],
                response: phase === "response" ? [{ policy: "transform-headers", config: { append: [{ name: "X-Claim", value }] } }] : [],
              },
            ],
          },
          { "resources/as/clientSecret": "secret" },
        ),
      ]);
    const send = async () => {
      as.answers.set("rich", claims);
      const reply = await gateway.call("/orders", { headers: [...bearer("rich"), "x-claim", "forged", "X_Claim", "forged"] });
      expect(reply.status).toBe(200);
      return reply;
    };

    it.each([
      ["{claims.email}", "a@b.example"],
      ["user {claims.sub} <{claims.email}>", "user alice <a@b.example>"],
      ["{claims.realm_access.roles}", "x,y%2Cz"],
      ["{claims.level}/{claims.ok}", "3/false"],
      ["{claims.odd}", "%C3%A9%0D%0Ax:%201"],
      ["{claims.deep}", '{"a":[1]}'],
      ["{claims.nothing}", undefined],
      ["{claims.email}{claims.nothing}", undefined],
      ["{claims.constructor}", undefined],
      ["{claims.account}", undefined],
      ["{claims.accounts}", "1.5,9007199254740991"],
      ["{claim.email} {}", "{claim.email} {}"],
    ])("as %s in a header's value", async (value, expected) => {
      expect(await deployClaims(true, value)).toEqual([]);
      await send();
      expect(backend.calls[0]?.headers["x-claim"]).toBe(expected);
    });

    it("only where the step says so, and to response steps as well", async () => {
      await deployClaims(false, "{claims.email}");
      await send();
      expect(backend.calls[0]?.headers["x-claim"]).toBeUndefined();
      await deployClaims(true, "{claims.email}", "response");
      expect((await send()).headers["x-claim"]).toBe("a@b.example");
    });

    it("never as a part of a cookie", async () => {
      for (const name of ["Cookie", "Set-Cookie", "set_cookie"]) {
        const flows = [{ response: [{ policy: "transform-headers", config: { set: [{ name, value: "{claims.email}" }] } }] }];
        expect(() => deployed({ endpoints: { production: { url: backend.origin } }, flows })).toThrow("cookie");
      }
    });
  });
});
