import { createServer } from "node:http";
import Provider from "oidc-provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, listenOnFreePort, startServer, type TestServer } from "../testing/servers";
import type { CachedToken } from "./cached-token";
import type { EndpointAuthorizer } from "./contract";
import { ENDPOINT_SECURITY_ERRORS, EndpointSecurityFailure, endpointSecurityRefusal } from "./failure";
import { authorizationOf, TestGateway, testCall } from "./testing/fixtures";

/** What a certified authorization server takes for a secret: everything visible in ASCII. */
const SECRET = "s3c:r+e%t&=/?#~\"'\\ {x}";

let idp: TestServer;
let backend: TestServer;
let provider: Provider;
let tokensIssued = 0;
const passwords: unknown[] = [];

beforeAll(async () => {
  const server = createServer((incoming, outgoing) => provider.callback()(incoming, outgoing));
  idp = await listenOnFreePort(server);
  const client = { client_secret: SECRET, redirect_uris: [], response_types: [], grant_types: ["client_credentials", "password"] };
  provider = new Provider(idp.origin, {
    clients: [
      { ...client, client_id: "basic+client", token_endpoint_auth_method: "client_secret_basic" },
      { ...client, client_id: "body&client", token_endpoint_auth_method: "client_secret_post" },
    ],
    scopes: ["orders"],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: 600 },
  });
  provider.registerGrantType(
    "password",
    async (ctx) => {
      const { client, params = {} } = ctx.oidc;
      if (!client) throw new Error("The client is authenticated.");
      passwords.push({ ...params });
      const token = new provider.ClientCredentials({ client, scope: "orders" });
      ctx.body = { access_token: await token.save(), token_type: "Bearer", expires_in: token.expiration };
    },
    ["username", "password", "scope", "tenant"],
  );
  provider.on("grant.success", () => {
    tokensIssued += 1;
  });
  // It accepts only tokens of its own authorization server.
  backend = await startServer(async (incoming, outgoing) => {
    const token = await provider.ClientCredentials.find((incoming.headers.authorization ?? "").replace(/^Bearer /, ""));
    outgoing.writeHead(token?.isValid ? 200 : 401, { "www-authenticate": 'Bearer error="invalid_token"' }).end();
  });
});
afterAll(async () => {
  await idp.close();
  await backend.close();
});

const security = (overrides: object = {}) => ({ type: "oauth2", tokenUrl: `${idp.origin}/token`, clientId: "basic+client", ...overrides });
const secrets = { clientSecret: SECRET, password: "pä+ss %&=" };
const send = async (credentials: { authorization: string | null }) =>
  (await call(backend, "/orders", { headers: credentials.authorization === null ? [] : ["authorization", credentials.authorization] }))
    .status;

/** Calls the backend as the gateway does, with one more try after a 401. */
async function callBackend(authorizer: EndpointAuthorizer): Promise<number> {
  const made = testCall();
  const credentials = await authorizer.authorize(made);
  const status = await send(credentials);
  if (status !== 401) return status;
  const next = await authorizer.refused(made, credentials, ['Bearer error="invalid_token"']);
  return next ? send(next) : status;
}

describe("a backend behind a certified authorization server", () => {
  it.each([
    ["Basic", {}],
    ["body", { clientId: "body&client", clientAuthentication: "body" }],
  ])("accepts what the gateway got with client credentials by %s", async (_, overrides) => {
    const authorizer = new TestGateway().compile(security({ ...overrides, scope: "orders" }), secrets);
    expect(await callBackend(authorizer)).toBe(200);
    expect(await send({ authorization: null })).toBe(401);
    authorizer.release();
  });

  it("gets user name, password and parameters of the password grant as they were entered", async () => {
    const authorizer = new TestGateway().compile(
      security({ grantType: "password", username: "sv:c+ö", scope: "orders", parameters: [{ name: "tenant", value: "a&b=c d" }] }),
      secrets,
    );
    expect(await callBackend(authorizer)).toBe(200);
    expect(passwords.at(-1)).toMatchObject({ username: "sv:c+ö", password: secrets.password, scope: "orders", tenant: "a&b=c d" });
  });

  it("that revokes the token gets the next call with another one, after exactly one renewal", async () => {
    const authorizer = new TestGateway().compile(security(), secrets);
    expect(await callBackend(authorizer)).toBe(200);
    const kept = (await authorizer.authorize(testCall())) as CachedToken;
    await (await provider.ClientCredentials.find(kept.accessToken))?.destroy();
    const before = tokensIssued;
    expect(await Promise.all([1, 2, 3].map(() => callBackend(authorizer)))).toEqual([200, 200, 200]);
    expect(tokensIssued).toBe(before + 1);
  });

  it("is not called when the credentials are wrong, and the log says what the server said", async () => {
    const authorizer = new TestGateway().compile(security(), { clientSecret: "wrong" });
    const failure = await authorizationOf(authorizer).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "refused", message: expect.stringContaining("invalid_client") });
  });
});

describe("compiling endpoint security", () => {
  it("comes to nothing for none", () => {
    expect(() => new TestGateway().compile({ type: "none" })).toThrow("no security");
  });

  it("fails without a secret that it needs, and holds nothing then", () => {
    const gateway = new TestGateway();
    expect(() => gateway.compile(security(), {})).toThrow("client secret");
    expect(() => gateway.compile(security({ grantType: "password", username: "u" }), { clientSecret: "s" })).toThrow("password");
    expect(() => gateway.compile(security({ parameters: [{ name: "key", secret: true }] }), { clientSecret: "s" })).toThrow("key");
    for (const type of ["basic", "digest"]) expect(() => gateway.compile({ type, username: "u" }, {})).toThrow("password");
    expect(gateway.connections.size).toBe(0);
    expect(gateway.keeper.view()).toEqual([]);
  });

  it("gives everything back when the deployment goes", async () => {
    const gateway = new TestGateway();
    const authorizer = gateway.compile(security(), secrets);
    await authorizationOf(authorizer);
    authorizer.release();
    authorizer.release();
    expect(gateway.connections.size).toBe(0);
    expect(gateway.keeper.view()).toEqual([]);
  });
});

describe("what a caller sees of a failure", () => {
  it("is a code of its own with 502, 503 or 504, nothing of the reason, and when to come back where that is known", () => {
    const seen = (
      ["unreachable", "timeout", "tls", "notAllowed", "refused", "rateLimited", "serverError", "notAToken", "tooManyWaiting"] as const
    ).map((kind) => {
      const { code, reason, headers } = endpointSecurityRefusal(
        new EndpointSecurityFailure(kind, "idp.internal said no", kind === "rateLimited" ? 7 : undefined),
      );
      expect(reason).toContain("idp.internal");
      if (!(code in ENDPOINT_SECURITY_ERRORS)) throw new Error(`${code} has no row.`);
      const { status, message } = ENDPOINT_SECURITY_ERRORS[code as keyof typeof ENDPOINT_SECURITY_ERRORS];
      expect(message).not.toContain("idp");
      return [kind, status, headers?.[1] ?? null];
    });
    expect(seen).toEqual([
      ["unreachable", 502, null],
      ["timeout", 504, null],
      ["tls", 502, null],
      ["notAllowed", 502, null],
      ["refused", 502, null],
      ["rateLimited", 503, "7"],
      ["serverError", 503, "1"],
      ["notAToken", 502, null],
      ["tooManyWaiting", 503, "1"],
    ]);
    expect(new Set(Object.keys(ENDPOINT_SECURITY_ERRORS)).size).toBe(9);
  });
});
