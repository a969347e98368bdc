import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { USER_AGENT } from "@/lib/http-client/user-agent";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { createServer as createAuthorizationServer, ensureDefaultServer, issuerOf } from "./servers";
import { addApplication, startTestIssuer, type TestApplication, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;
let application: TestApplication;
let pair: Awaited<ReturnType<typeof generateKeyPair>>;
let other: Awaited<ReturnType<typeof generateKeyPair>>;
let publicJwk: JWK;

beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
  await createAuthorizationServer(database(), issuer.box, { id: "partners", name: "Partners", audience: "partners", description: "" });
  pair = await generateKeyPair("ES256", { extractable: true });
  other = await generateKeyPair("ES256");
  publicJwk = { ...(await exportJWK(pair.publicKey)), kid: "one" };
  application = await withKeys({ jwks: { keys: [JSON.parse(JSON.stringify(publicJwk))] } });
}, 120_000);

afterAll(() => issuer?.stop());
afterEach(() => vi.restoreAllMocks());

const withKeys = (keys: { jwks?: { keys: { kty: string }[] }; jwksUri?: string }) =>
  addApplication({ authentication: "private_key_jwt", ...keys });

const now = () => Math.floor(Date.now() / 1000);
const TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

interface Assertion {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: CryptoKey;
  clientId?: string;
}

function assertion({ claims = {}, header = {}, key, clientId = application.clientId }: Assertion = {}): Promise<string> {
  const payload = {
    iss: clientId,
    sub: clientId,
    aud: issuerOf("default"),
    exp: now() + 60,
    iat: now(),
    jti: crypto.randomUUID(),
    ...claims,
  };
  return new SignJWT(JSON.parse(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "ES256", kid: "one", ...header })
    .sign(key ?? pair.privateKey);
}

async function ask(clientAssertion: string, { path = "/oauth2/default/v1/token", extra = {} as Record<string, string> } = {}) {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: TYPE,
    client_assertion: clientAssertion,
    ...extra,
  });
  const response = await fetch(`${issuer.url}${path}`, { method: "POST", body });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

const FAILED = {
  error: "invalid_client",
  error_description: "Client authentication failed: unknown client, or missing, wrong or expired credentials.",
};

describe("an assertion", () => {
  test.each([
    ["the issuer", () => issuerOf("default")],
    ["the token endpoint", () => `${issuerOf("default")}/v1/token`],
    ["the issuer in a list", () => [issuerOf("default")]],
    ["the token endpoint by Gravitee's path", () => `${issuer.url}/am/default/oauth/token`],
  ])("with the audience %s authenticates", async (_what, audience) => {
    expect((await ask(await assertion({ claims: { aud: audience() } }))).status).toBe(200);
  });

  test("authenticates at Gravitee's path too", async () => {
    expect((await ask(await assertion(), { path: "/am/default/oauth/token" })).status).toBe(200);
  });

  const wrong: [string, () => Promise<string>][] = [
    ["another iss", () => assertion({ claims: { iss: "someone" } })],
    ["no iss", () => assertion({ claims: { iss: undefined } })],
    ["an unknown sub", () => assertion({ claims: { iss: "someone", sub: "someone" } })],
    ["no sub", () => assertion({ claims: { sub: undefined } })],
    ["another aud", () => assertion({ claims: { aud: "https://elsewhere.example" } })],
    ["another server's aud", () => assertion({ claims: { aud: issuerOf("partners") } })],
    ["an aud that names another server too", () => assertion({ claims: { aud: [issuerOf("default"), "https://elsewhere.example"] } })],
    ["no aud", () => assertion({ claims: { aud: undefined } })],
    ["no exp", () => assertion({ claims: { exp: undefined } })],
    ["an exp in the past", () => assertion({ claims: { exp: now() - 60 } })],
    ["an exp more than an hour ahead", () => assertion({ claims: { exp: now() + 7200 } })],
    ["an exp that isn't a number", () => assertion({ claims: { exp: "tomorrow" } })],
    ["an iat in the future", () => assertion({ claims: { iat: now() + 600 } })],
    ["an nbf in the future", () => assertion({ claims: { nbf: now() + 600 } })],
    ["no jti", () => assertion({ claims: { jti: undefined } })],
    ["an overlong jti", () => assertion({ claims: { jti: "j".repeat(300) } })],
    ["another key", () => assertion({ key: other.privateKey })],
    ["an unknown kid", () => assertion({ header: { kid: "two" } })],
    ["the type of another token", () => assertion({ header: { typ: "at+jwt" } })],
    ["no signature", async () => `${Buffer.from('{"alg":"none"}').toString("base64url")}.${(await assertion()).split(".")[1]}.`],
    [
      "a shared secret for a signature",
      () =>
        new SignJWT({ iss: application.clientId, sub: application.clientId, aud: issuerOf("default"), exp: now() + 60, jti: "hs" })
          .setProtectedHeader({ alg: "HS256" })
          .sign(new TextEncoder().encode(application.clientSecret.padEnd(32))),
    ],
  ];

  test.each(wrong)("with %s is rejected like any other failure", async (_what, made) => {
    // The throttle is not under test, and all requests come from one address.
    const { throttle } = await import("./throttle");
    throttle().succeeded({ clientId: application.clientId, isKnown: true, address: "127.0.0.1" });
    const answer = await ask(await made());
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 401, body: FAILED });
    expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm="/);
  });

  test("is accepted once, even in two concurrent requests", async () => {
    const one = await assertion();
    expect((await ask(one)).status).toBe(200);
    expect((await ask(one)).status).toBe(401);
    const two = await assertion();
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(two)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
  });

  test("without a type or with another client's ID is a malformed request", async () => {
    const form = new URLSearchParams({ grant_type: "client_credentials", client_assertion: await assertion() });
    expect((await fetch(`${issuer.url}/oauth2/default/v1/token`, { method: "POST", body: form })).status).toBe(400);
    expect((await ask(await assertion(), { extra: { client_id: "someone" } })).status).toBe(400);
  });

  test("doesn't authenticate an application with a secret, nor a secret one with keys", async () => {
    const withSecret = await addApplication();
    expect((await ask(await assertion({ clientId: withSecret.clientId }))).status).toBe(401);
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: application.clientId,
      client_secret: application.clientSecret,
    });
    expect((await fetch(`${issuer.url}/oauth2/default/v1/token`, { method: "POST", body })).status).toBe(401);
  });
});

describe("keys at a jwks_uri", () => {
  let host: Server;
  let url: string;
  let asked = 0;
  let agent: string | undefined;
  let answer: () => { status: number; headers?: Record<string, string>; body: string | Buffer } = () => ({ status: 200, body: "" });

  beforeAll(async () => {
    host = createServer((request, response) => {
      asked += 1;
      agent = request.headers["user-agent"];
      const { status, headers = {}, body } = answer();
      response.writeHead(status, headers).end(body);
    });
    host.listen(0, "127.0.0.1");
    await once(host, "listening");
    const address = host.address();
    url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/jwks` : "";
  });
  afterAll(() => {
    host.closeAllConnections();
    host.close();
  });

  const jwks = (...keys: JWK[]) => ({ status: 200, body: JSON.stringify({ keys }) });

  const named = async (kid: string) => {
    const made = await generateKeyPair("ES256", { extractable: true });
    return { kid, privateKey: made.privateKey, jwk: { ...(await exportJWK(made.publicKey)), kid } };
  };
  const elapse = (ms: number) => {
    const later = performance.now() + ms;
    vi.spyOn(performance, "now").mockImplementation(() => later);
  };

  test("are cached, refetched once early for a new key, and then every 30 seconds", async () => {
    const { clientId } = await withKeys({ jwksUri: url });
    answer = () => jwks(publicJwk);
    asked = 0;
    const answers = await Promise.all(Array.from({ length: 5 }, async () => ask(await assertion({ clientId }))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(asked).toBe(1);

    const [two, three] = [await named("two"), await named("three")];
    const by = async ({ kid, privateKey }: typeof two) =>
      (await ask(await assertion({ clientId, key: privateKey, header: { kid } }))).status;
    answer = () => jwks(publicJwk, two.jwk);
    expect([await by(two), asked]).toEqual([200, 2]);
    answer = () => jwks(publicJwk, two.jwk, three.jwk);
    expect([await by(three), await by(three), asked]).toEqual([401, 401, 2]);
    elapse(31_000);
    expect([await by(three), asked]).toEqual([200, 3]);
  });

  test("without the assertion's key never trigger the throttle", async () => {
    const { clientId } = await withKeys({ jwksUri: url });
    answer = () => jwks(publicJwk);
    const [next, made] = [await named("next"), await named("made up")];
    asked = 0;
    for (let time = 0; time < 15; time += 1) {
      const { status, body } = await ask(await assertion({ clientId, key: made.privateKey, header: { kid: made.kid } }));
      expect({ status, body }).toEqual({ status: 401, body: FAILED });
    }
    expect(asked).toBe(2);
    expect((await ask(await assertion({ clientId }))).status).toBe(200);
    answer = () => jwks(publicJwk, next.jwk);
    elapse(31_000);
    expect((await ask(await assertion({ clientId, key: next.privateKey, header: { kid: next.kid } }))).status).toBe(200);
  });

  test("that change under the same key ID, or without one, are refetched", async () => {
    const { clientId } = await withKeys({ jwksUri: url });
    const [former, later] = [await named("same"), await named("same")];
    answer = () => jwks(former.jwk);
    expect((await ask(await assertion({ clientId, key: former.privateKey, header: { kid: "same" } }))).status).toBe(200);
    answer = () => jwks(later.jwk);
    asked = 0;
    expect((await ask(await assertion({ clientId, key: later.privateKey, header: { kid: "same" } }))).status).toBe(200);
    expect((await ask(await assertion({ clientId, key: former.privateKey, header: { kid: "same" } }))).status).toBe(401);
    expect(asked).toBe(1);
  });

  test("expire 5 minutes after they are removed from the URL", async () => {
    const { clientId } = await withKeys({ jwksUri: url });
    answer = () => jwks(publicJwk);
    expect((await ask(await assertion({ clientId }))).status).toBe(200);
    answer = () => jwks({ ...publicJwk, kid: "another", x: publicJwk.y ?? "", y: publicJwk.x ?? "" });
    const later = performance.now() + 301_000;
    vi.spyOn(performance, "now").mockImplementation(() => later);
    expect((await ask(await assertion({ clientId }))).status).toBe(401);
  });

  test("stay cached for 5 minutes when an unknown key ID triggers a failing fetch", async () => {
    const { clientId } = await withKeys({ jwksUri: url });
    answer = () => jwks(publicJwk);
    expect((await ask(await assertion({ clientId }))).status).toBe(200);
    answer = () => ({ status: 500, body: "" });
    const later = performance.now() + 31_000;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => later);
    const stranger = await assertion({ clientId, key: other.privateKey, header: { kid: "made up" } });
    expect((await ask(stranger)).status).toBe(401);
    expect((await ask(await assertion({ clientId }))).status).toBe(200);
    clock.mockImplementation(() => later + 270_000);
    expect((await ask(await assertion({ clientId }))).status).toBe(401);
  });

  const unusable: [string, () => { jwksUri: string; reason: RegExp }][] = [
    ["is unreachable", () => ({ jwksUri: "http://127.0.0.1:1/jwks", reason: /can't read/ })],
    ["is huge", () => huge()],
    ["redirects", () => redirecting()],
    ["returns an error", () => failing()],
    ["isn't a key set", () => noKeySet()],
    ["is at a cloud metadata address", () => ({ jwksUri: "https://169.254.169.254/jwks", reason: /reserved address \(blocked\)/ })],
    ["is at its IPv4-mapped form", () => ({ jwksUri: "https://[::ffff:a9fe:a9fe]/jwks", reason: /reserved address \(blocked\)/ })],
    ["is at a link-local address", () => ({ jwksUri: "https://[fe80::1]/jwks", reason: /reserved address \(blocked\)/ })],
    ["is plain http on another host", () => ({ jwksUri: "http://jwks.example/jwks", reason: /must use https/ })],
    ["is a file", () => ({ jwksUri: "file:///etc/passwd", reason: /must use https/ })],
  ];
  const huge = () => {
    answer = () => ({ status: 200, body: JSON.stringify({ keys: [publicJwk], padding: "x".repeat(80_000) }) });
    return { jwksUri: url, reason: /returned more than 64 KB/ };
  };
  const redirecting = () => {
    answer = () => ({ status: 302, headers: { location: url }, body: "" });
    return { jwksUri: url, reason: /returned 302/ };
  };
  const failing = () => {
    answer = () => ({ status: 500, body: "" });
    return { jwksUri: url, reason: /returned 500/ };
  };
  const noKeySet = () => {
    answer = () => ({ status: 200, body: '{"keys":"none"}' });
    return { jwksUri: url, reason: /didn't return a JSON Web Key Set/ };
  };

  test.each(unusable)("whose URL %s fail the client, not the server, and the log has the reason", async (_what, prepare) => {
    const { jwksUri, reason } = prepare();
    const warn = vi.spyOn(logger(), "warn");
    const { clientId } = await withKeys({ jwksUri });
    const refused = await ask(await assertion({ clientId }));
    expect({ status: refused.status, body: refused.body }).toEqual({ status: 401, body: FAILED });
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ clientId, reason: expect.stringMatching(reason) }), expect.any(String));
  });

  test("are read compressed, with a byte-order mark and beside unknown keys; the request has a User-Agent", async () => {
    const { clientId } = await withKeys({ jwksUri: url });
    const set = `\uFEFF${JSON.stringify({ keys: [null, "text", { kty: "AKP", pub: "AAAA" }, publicJwk] })}`;
    answer = () => ({ status: 200, headers: { "content-encoding": "gzip" }, body: gzipSync(set) });
    expect((await ask(await assertion({ clientId }))).status).toBe(200);
    expect(agent).toBe(USER_AGENT);
  });

  test("published with their private half are rejected", async () => {
    const { clientId } = await withKeys({ jwksUri: url });
    const privateJwk = { ...(await exportJWK(pair.privateKey)), kid: "one" };
    answer = () => jwks(privateJwk);
    expect((await ask(await assertion({ clientId }))).status).toBe(401);
  });

  test("stay usable beside a malformed one, and the application's tokens can be introspected", async () => {
    const { clientId } = await withKeys({ jwksUri: url });
    answer = () => ({ status: 200, body: JSON.stringify({ keys: [{ ...publicJwk, kid: 5 }, { ...publicJwk, alg: {} }, publicJwk] }) });
    const { status, body } = await ask(await assertion({ clientId }));
    expect(status).toBe(200);
    const { clientId: id, clientSecret } = await addApplication();
    const looked = await fetch(`${issuer.url}/oauth2/default/v1/introspect`, {
      method: "POST",
      body: new URLSearchParams({ client_id: id, client_secret: clientSecret, token: body.access_token }),
    });
    expect(await looked.json()).toMatchObject({ active: true, client_id: clientId });
  });
});
