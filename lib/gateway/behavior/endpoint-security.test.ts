import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTokenServer, type TokenServer } from "../endpoint-security/testing/token-server";
import type { TraceEntry } from "../exchange";
import { Caller } from "../http/caller";
import { deployed } from "../testing/fixtures";
import { type GuardedBackend, startGuardedBackend } from "../testing/guarded-backend";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";

/** What a caller sends must not decide what the backend gets. */
const CALLERS_OWN = ["AUTHORIZATION", "Bearer of-the-caller", "Proxy-Authorization", "Basic of-the-caller", "authorization_", "x"];

const SECRET = "s3c:r+e%t &=ü💡";
const SECRETS = {
  "endpoints/production/password": SECRET,
  "endpoints/production/clientSecret": SECRET,
  "endpoints/production/parameters/key": "p4r4m+%&=",
  "endpoints/sandbox/clientSecret": "sandbox-secret",
  "endpoints/sandbox/password": "sandbox password",
  "resources/as/clientSecret": "secret",
};

describe.each(ADAPTERS)("endpoint security behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: GuardedBackend;
  let sandbox: GuardedBackend;
  let tokens: TokenServer;
  let as: IntrospectionServer;

  beforeAll(async () => {
    [gateway, backend, sandbox, tokens, as] = await Promise.all([
      startGateway(adapter),
      startGuardedBackend(),
      startGuardedBackend(),
      startTokenServer(),
      startIntrospection(),
    ]);
  });
  afterAll(() => Promise.all([gateway.close(), backend.close(), sandbox.close(), tokens.close(), as.close()]));
  afterEach(async () => {
    for (const list of [backend.calls, sandbox.calls, tokens.seen, gateway.ports.records]) list.length = 0;
    backend.judge = () => 200;
    await gateway.gateway.replace([]);
  });

  const oauth2 = (more: object = {}) => ({ type: "oauth2", tokenUrl: tokens.tokenUrl, clientId: "gateway", ...more });
  const api = (security: object, more: object = {}, secrets: Record<string, string> = SECRETS) =>
    deployed({ endpoints: { production: { url: backend.origin, security } }, ...more }, secrets);
  const deploy = async (...parameters: Parameters<typeof api>) => expect(await gateway.gateway.replace([api(...parameters)])).toEqual([]);
  const sent = () => backend.calls.map((call) => call.headers.authorization);

  it("sends Basic credentials, in UTF-8, instead of what the caller sends", async () => {
    await deploy({ type: "basic", username: "gatewäy" });
    expect((await gateway.call("/orders/1", { headers: CALLERS_OWN })).status).toBe(200);
    expect(sent()).toEqual([`Basic ${Buffer.from(`gatewäy:${SECRET}`).toString("base64")}`]);
    expect(JSON.stringify(backend.calls)).not.toContain("of-the-caller");
  });

  it("asks for one token as configured, with every secret as it was entered, and sends it with every call", async () => {
    await deploy(
      oauth2({
        clientId: "g:w",
        scope: "a b",
        parameters: [
          { name: "key", secret: true },
          { name: "aud", value: "x&y=z" },
        ],
      }),
    );
    for (const path of ["/orders/1", "/orders/2?x=1"]) expect((await gateway.call(path, { headers: CALLERS_OWN })).status).toBe(200);
    expect(sent()).toEqual(["Bearer token-1", "Bearer token-1"]);
    expect(JSON.stringify(backend.calls)).not.toContain("of-the-caller");
    const [request] = tokens.seen;
    expect(tokens.seen).toHaveLength(1);
    expect(request?.fields).toEqual([
      ["grant_type", "client_credentials"],
      ["scope", "a b"],
      ["key", "p4r4m+%&="],
      ["aud", "x&y=z"],
    ]);
    const basic = Buffer.from((request?.headers.authorization ?? "").replace("Basic ", ""), "base64").toString();
    expect(basic.split(":").map((part) => decodeURIComponent(part.replaceAll("+", " ")))).toEqual(["g:w", SECRET]);
  });

  it("replaces the Authorization of a step as well", async () => {
    const set = [{ name: "Authorization", value: "Bearer of-a-step" }];
    await deploy(oauth2(), { flows: [{ request: [{ policy: "transform-headers", config: { set } }] }] });
    await gateway.call("/orders");
    expect(sent()).toEqual(["Bearer token-1"]);
  });

  it("passes the caller's own Authorization where an endpoint has no security, and asks nobody for a token", async () => {
    await deploy({ type: "none" });
    await gateway.call("/orders", { headers: ["authorization", "Bearer of-the-caller"] });
    expect(sent()).toEqual(["Bearer of-the-caller"]);
    expect(tokens.seen).toEqual([]);
  });

  it("sends calls of production and sandbox applications to their own endpoint with its own token", async () => {
    tokens.answer = ({ fields }, outgoing) => {
      const grant = fields.find(([name]) => name === "grant_type")?.[1];
      const who = fields.find(([name]) => name === "username")?.[1] ?? "";
      outgoing.end(JSON.stringify({ access_token: `${grant}-${who}`, token_type: "Bearer", expires_in: 60 }));
    };
    as.answers.set("live", { active: true, client_id: "shop", environment: "production" });
    as.answers.set("trial", { active: true, client_id: "shop", environment: "sandbox" });
    const resources = [
      { name: "as", type: "oauth2-introspection", config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw" } },
    ];
    const flows = [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }];
    const endpoints = {
      production: { url: backend.origin, security: oauth2() },
      sandbox: { url: sandbox.origin, security: oauth2({ grantType: "password", username: "svc" }) },
    };
    await deploy({ type: "none" }, { endpoints, resources, flows });
    for (const token of ["live", "trial"]) await gateway.call("/orders", { headers: ["authorization", `Bearer ${token}`] });
    expect(sent()).toEqual(["Bearer client_credentials-"]);
    expect(sandbox.calls.map((call) => call.headers.authorization)).toEqual(["Bearer password-svc"]);

    await deploy({ type: "none" }, { endpoints: { production: endpoints.production }, resources, flows });
    const reply = await gateway.call("/orders", { headers: ["authorization", "Bearer trial"] });
    expect([reply.status, JSON.parse(reply.body).message]).toEqual([403, "This API has no sandbox endpoint"]);
  });

  it("does not take over a deployment that lacks a secret, and says which by its path", async () => {
    const problems = await gateway.gateway.replace([
      api(oauth2({ parameters: [{ name: "key", secret: true }] }), {}, { "endpoints/production/clientSecret": "s" }),
    ]);
    expect(problems.map((problem) => problem.message)).toEqual([
      "endpoints.production.security.parameters[0].value: Value of key is required.",
    ]);
    expect((await gateway.call("/orders")).status).toBe(503);
    expect(backend.calls).toEqual([]);
  });

  it("keeps the token over a deployment that changes nothing of it, and uses no old one after any change of what made it", async () => {
    let number = 0;
    tokens.answer = (_, outgoing) => {
      number += 1;
      outgoing.end(JSON.stringify({ access_token: `made-${number}`, token_type: "Bearer", expires_in: 60 }));
    };
    const versions: [object, object, Record<string, string>][] = [
      [oauth2(), {}, SECRETS],
      [oauth2({ skewSeconds: 1 }), { description: "Another deployment" }, SECRETS],
      [oauth2({ scope: "other" }), {}, SECRETS],
      [oauth2({ scope: "other" }), {}, { ...SECRETS, "endpoints/production/clientSecret": "new" }],
      [oauth2({ scope: "other", parameters: [{ name: "aud", value: "x" }] }), {}, SECRETS],
      [oauth2(), { endpoints: { production: { url: backend.origin, security: oauth2() } } }, SECRETS],
      // The same token server, and another backend.
      [oauth2(), { endpoints: { production: { url: `${backend.origin}/elsewhere`, security: oauth2() } } }, SECRETS],
    ];
    for (const version of versions) {
      await deploy(...version);
      await gateway.call("/orders");
    }
    expect(sent()).toEqual([1, 1, 2, 3, 4, 5, 6].map((made) => `Bearer made-${made}`));
  });

  it("shows what is kept without the token, and drops it here and wherever the count of drops is known", async () => {
    let number = 0;
    tokens.answer = (_, outgoing) => {
      number += 1;
      outgoing.end(JSON.stringify({ access_token: `made-${number}`, token_type: "Bearer", expires_in: 60, scope: "orders" }));
    };
    let epoch = 0;
    gateway.ports.tokenEpoch = (apiId, environment) => (apiId === "api_1" && environment === "production" ? epoch : 0);
    await deploy(oauth2());
    await gateway.call("/orders");
    const view = gateway.gateway.endpointTokens("api_1");
    expect(view).toMatchObject([
      { apiId: "api_1", environment: "production", state: "kept", scope: "orders", waiting: 0, lastError: null },
    ]);
    expect(JSON.stringify(view)).not.toContain("made-1");
    expect(gateway.gateway.endpointTokens("api_2")).toEqual([]);

    await gateway.gateway.dropEndpointTokens("api_1", "production");
    await gateway.call("/orders");
    epoch = 1;
    await gateway.call("/orders");
    await gateway.call("/orders");
    expect(sent()).toEqual(["Bearer made-1", "Bearer made-2", "Bearer made-3", "Bearer made-3"]);
    expect(gateway.gateway.endpointTokens()).toHaveLength(1);
  });

  it("says in the trace how the gateway authenticated, without a secret or a token", async () => {
    await deploy(oauth2());
    const trace: TraceEntry[] = [];
    const request = { method: "GET", target: "/orders", rawHeaders: ["host", "gateway.test"], body: null, peerAddress: "::1" };
    await gateway.gateway.handle({ ...request, caller: new Caller(), trace });
    expect(trace).toMatchObject([{ phase: "request", policy: "endpoint-security", name: "Endpoint security", outcome: "ran" }]);
    expect(trace[0]?.reason).toContain("OAuth2 client credentials from 127.0.0.1");
    expect(JSON.stringify(trace)).not.toMatch(/token-\d|made-\d/);
  });
});
