import { hash } from "node:crypto";
import { createServer as createTlsServer } from "node:https";
import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { json, startTokenServer, type TokenServer } from "@/lib/gateway/endpoint-security/testing/token-server";
import { testAuthority } from "@/lib/gateway/resources/testing/certificates";
import { listenOnFreePort, startServer, type TestServer } from "@/lib/gateway/testing/servers";
import { database } from "@/lib/platform/database";
import { memoryCounters } from "@/lib/platform/memory-counters";
import { singleton } from "@/lib/platform/singleton";
import { startManagement, type TestManagement } from "./testing/start-management";

/** Characters that get lost where a secret is encoded once too often or once too little. */
const AWKWARD = "a:b+c%d&e=f %20 ü€𝄞 \"'\\";

let management: TestManagement;
let tokens: TokenServer;
let backend: TestServer;
/** The `Authorization` of the calls that the backend got; undefined without one. */
let calls: (string | undefined)[] = [];
let backendStatus = 200;
let names = 0;
let now = Date.now();
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);

beforeAll(async () => {
  // A clock of its own, so that one test's tries do not count for the next.
  singleton("counters", () => memoryCounters(() => now));
  management = await startManagement();
  tokens = await startTokenServer();
  backend = await startServer((incoming, outgoing) => {
    calls.push(incoming.headers.authorization);
    outgoing.writeHead(backendStatus).end("hello");
  });
}, 120_000);
afterAll(async () => {
  await management?.stop();
  await tokens?.close();
  await backend?.close();
});
beforeEach(() => {
  tokens.seen.length = 0;
  tokens.answer = (_, outgoing, number) => json(outgoing, { access_token: `token-${number}`, token_type: "Bearer", expires_in: 3600 });
  calls = [];
  backendStatus = 200;
  now += 60_000;
});

const oauth2 = (more: object = {}) => ({
  type: "oauth2",
  tokenUrl: tokens.tokenUrl,
  clientId: "gateway",
  clientSecret: "hunter2-hunter2",
  clientAuthentication: "body",
  ...more,
});

/** An API whose production endpoint is the backend with this security. */
async function create(security?: object, more: object = {}): Promise<string> {
  names += 1;
  const production = { url: backend.origin, ...(security ? { security } : {}), ...more };
  const answer = await call("POST", "/apis", { name: `Api ${names}`, contextPath: `/api-${names}`, endpoints: { production } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

async function put(id: string, change: (definition: Definition) => void) {
  const read = await call("GET", `/apis/${id}/definition`);
  const definition = read.body as unknown as Definition;
  change(definition);
  return call("PUT", `/apis/${id}/definition`, definition, { "If-Match": read.headers.get("etag") ?? "" });
}

/** What of a definition these tests change. */
interface Definition {
  endpoints: Record<string, { url: string; security: Record<string, unknown> & { parameters?: Record<string, unknown>[] } }>;
}

const production = (definition: Definition) => {
  const endpoint = definition.endpoints.production;
  if (!endpoint) throw new Error("There is no production endpoint.");
  return endpoint;
};

const deploy = (id: string) => call("POST", `/apis/${id}/deployments`, { label: "" });
const tryIt = async (id: string) =>
  ((await call("POST", `/apis/${id}/try`, {})).body.response as { status: number; body: string } | undefined) ?? { status: 0, body: "" };
const testConnection = (id: string, endpoint: object, environment = "production") =>
  call("POST", `/apis/${id}/endpoints/${environment}/test-connection`, endpoint);
const paths = (answer: { body: { errors?: { path: string }[] } }) => answer.body.errors?.map(({ path }) => path);
const fieldsOf = (index: number) => Object.fromEntries(tokens.seen[index]?.fields ?? []);

describe("a test of the connection", () => {
  test("requests one token for an unsaved endpoint, and returns everything except the token", async () => {
    const id = await create();
    tokens.answer = (_, outgoing) =>
      json(outgoing, {
        access_token: "very-secret-token",
        token_type: "Bearer",
        expires_in: 120,
        scope: "read",
        refresh_token: "very-secret-too",
      });
    const parameters = [
      { name: "audience", value: "a b" },
      { name: "api_key", value: AWKWARD, secret: true },
    ];
    const answer = await testConnection(id, {
      url: backend.origin,
      security: oauth2({
        grantType: "password",
        username: AWKWARD,
        password: AWKWARD,
        clientSecret: AWKWARD,
        scope: "read write",
        parameters,
      }),
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        ok: true,
        asked: "tokenEndpoint",
        kind: null,
        status: 200,
        tokenType: "Bearer",
        expiresInSeconds: 120,
        scope: "read",
        hasRefreshToken: true,
      },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/very-secret|%20/);
    expect(tokens.seen).toHaveLength(1);
    expect(fieldsOf(0)).toEqual({
      grant_type: "password",
      client_id: "gateway",
      client_secret: AWKWARD,
      username: AWKWARD,
      password: AWKWARD,
      scope: "read write",
      audience: "a b",
      api_key: AWKWARD,
    });
    expect(calls).toEqual([]);
    const draft = await call("GET", `/apis/${id}/definition`);
    expect((draft.body as unknown as Definition).endpoints.production?.security).toEqual({ type: "none" });
    const [latest] = await database().activity.findMany({ orderBy: [{ at: "desc" }, { id: "desc" }], take: 1 });
    expect(latest).toMatchObject({ action: "tested", targetId: id, actor: "Management token" });
    expect(JSON.stringify(latest)).not.toContain("very-secret");
  });

  test("uses a stored secret where it is blank, and only while every address that gets it stays where it is", async () => {
    const id = await create(oauth2({ parameters: [{ name: "api_key", value: "stored-value", secret: true }] }));
    const blank = (more: object = {}) =>
      oauth2({ clientSecret: undefined, parameters: [{ name: "api_key", secret: true, value: "" }], ...more });
    const other = await startTokenServer();
    expect(await testConnection(id, { url: backend.origin, security: blank() })).toMatchObject({ status: 200, body: { ok: true } });
    expect(fieldsOf(0)).toMatchObject({ client_secret: "hunter2-hunter2", api_key: "stored-value" });
    expect(
      await testConnection(id, { url: `${backend.origin}/elsewhere`, security: blank({ tokenUrl: `${tokens.origin}/other` }) }),
    ).toMatchObject({
      body: { ok: true },
    });

    const moved = [
      { url: backend.origin, security: blank({ tokenUrl: other.tokenUrl }) },
      { url: other.origin, security: blank() },
    ];
    for (const endpoint of moved) {
      const answer = await testConnection(id, endpoint);
      expect(answer.status).toBe(400);
      expect(paths(answer)).toEqual(["endpoints.production.security.clientSecret", "endpoints.production.security.parameters[0].value"]);
    }
    // Nothing is stored for the other environment.
    expect(paths(await testConnection(id, { url: backend.origin, security: oauth2({ clientSecret: "" }) }, "sandbox"))).toEqual([
      "endpoints.sandbox.security.clientSecret",
    ]);
    expect(other.seen).toEqual([]);
    expect(tokens.seen).toHaveLength(2);
    await other.close();
  });

  test("returns a kind and a message for each failure", async () => {
    const id = await create();
    const outcome = async (security: object) => {
      const { status, body } = await testConnection(id, { url: backend.origin, security });
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body.ok).toBe(false);
      expect(JSON.stringify(body)).not.toContain("hunter2");
      return [body.kind, body.status];
    };
    const answering = (write: TokenServer["answer"]) => {
      tokens.answer = write;
      return outcome(oauth2({ timeoutMs: 300 }));
    };
    expect(await answering((_, out) => json(out, { error: "invalid_client", error_description: "not hunter2-hunter2" }, 401))).toEqual([
      "refused",
      401,
    ]);
    expect(await answering((_, out) => json(out, {}, 429, { "retry-after": "7" }))).toEqual(["rateLimited", 429]);
    expect(await answering((_, out) => json(out, {}, 500))).toEqual(["serverError", 500]);
    expect(await answering((_, out) => void out.writeHead(302, { location: backend.origin }).end())).toEqual(["notAToken", 302]);
    expect(await answering((_, out) => void out.writeHead(200, { "content-type": "text/html" }).end("<html>"))).toEqual(["notAToken", 200]);
    expect(await answering((_, out) => void out.writeHead(200).end("x".repeat(10_000_000)))).toEqual(["notAToken", 200]);
    expect(await answering(() => undefined)).toEqual(["timeout", null]);
    expect(await outcome(oauth2({ tokenUrl: tokens.tokenUrl.replace("http:", "https:") }))).toEqual(["tls", null]);
    expect(await outcome(oauth2({ tokenUrl: "http://127.0.0.1:1/token" }))).toEqual(["unreachable", null]);
  });

  test("sends the backend one GET with basic credentials, or without any", async () => {
    const id = await create();
    const basic = { type: "basic", username: "ann", password: AWKWARD };
    expect((await testConnection(id, { url: `${backend.origin}/v2`, security: basic })).body).toMatchObject({
      ok: true,
      asked: "backend",
      kind: null,
      status: 200,
      tokenType: null,
    });
    expect(calls).toEqual([`Basic ${Buffer.from(`ann:${AWKWARD}`).toString("base64")}`]);
    expect((await testConnection(id, { url: backend.origin })).body).toMatchObject({ ok: true, status: 200 });
    expect(calls).toHaveLength(2);
    expect(calls[1]).toBeUndefined();
    backendStatus = 404;
    expect((await testConnection(id, { url: backend.origin, security: basic })).body).toMatchObject({ ok: true, status: 404 });
    backendStatus = 401;
    expect((await testConnection(id, { url: backend.origin, security: basic })).body).toMatchObject({ ok: false, kind: "refused" });
    expect(
      (await testConnection(id, { url: backend.origin, security: { type: "digest", username: "a", password: "b" } })).body,
    ).toMatchObject({
      ok: false,
      kind: "refused",
    });
    backendStatus = 503;
    expect((await testConnection(id, { url: backend.origin })).body).toMatchObject({ ok: false, kind: "serverError", status: 503 });
    expect((await testConnection(id, { url: "http://127.0.0.1:1" })).body).toMatchObject({ ok: false, kind: "unreachable", status: null });
    expect((await testConnection(id, { url: backend.origin.replace("http:", "https:") })).body).toMatchObject({
      ok: false,
      kind: "tls",
      status: null,
    });
  });

  test("answers a Digest challenge (RFC 7616)", async () => {
    const id = await create();
    const sha256 = (text: string) => hash("sha256", text, "hex");
    const digest = await startServer((incoming, outgoing) => {
      const given = incoming.headers.authorization ?? "";
      const part = (name: string) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(given)?.[1] ?? "";
      const proof = [sha256("ann:lions:p:w"), "n1", part("nc"), part("cnonce"), "auth", sha256("GET:/v2")].join(":");
      const isRight = given !== "" && part("response") === sha256(proof);
      const challenge = 'Digest realm="lions", nonce="n1", qop="auth", algorithm=SHA-256';
      outgoing.writeHead(isRight ? 200 : 401, isRight ? {} : { "www-authenticate": challenge }).end();
    });
    const tried = async (password: string) =>
      (await testConnection(id, { url: `${digest.origin}/v2`, security: { type: "digest", username: "ann", password } })).body;
    expect(await tried("p:w")).toMatchObject({ ok: true, status: 200 });
    expect(await tried("wrong")).toMatchObject({ ok: false, kind: "refused", status: 401 });
    await digest.close();
  });

  test("verifies certificates by the endpoint's own authority, and shows its own", async () => {
    const authority = testAuthority("Ours");
    const [own, client] = [authority.issue(["127.0.0.1"]), authority.issue(["gateway.test"])];
    const secure = await listenOnFreePort(
      createTlsServer({ cert: own.cert, key: own.key, ca: authority.cert, requestCert: true, rejectUnauthorized: true }, (_, outgoing) =>
        outgoing.end(),
      ),
    );
    const url = secure.origin.replace("http:", "https:");
    const tls = { ca: authority.cert, certificate: client.cert };
    const id = await create(undefined, { url, tls: { ...tls, key: client.key } });
    expect((await testConnection(id, { url, tls })).body).toMatchObject({ ok: true, status: 200 });
    expect((await testConnection(id, { url, tls: { certificate: client.cert } })).body).toMatchObject({ ok: false, kind: "tls" });
    expect((await testConnection(id, { url, tls: { ca: authority.cert } })).body.ok).toBe(false);
    const other = authority.issue(["other.test"]);
    expect(paths(await testConnection(id, { url, tls: { ...tls, certificate: other.cert } }))).toEqual(["endpoints.production.tls.key"]);
    expect(paths(await testConnection(id, { url: "https://thief.example", tls }))).toEqual(["endpoints.production.tls.key"]);
    await secure.close();
  });

  test("ends if a backend sends nothing or invalid HTTP", async () => {
    const id = await create();
    const talk = createServer((socket) => socket.end("SSH-2.0-OpenSSH_9\r\n"));
    const silent = createServer(() => undefined);
    const listen = (server: typeof talk) =>
      new Promise<string>((resolve) =>
        server.listen(0, "127.0.0.1", () => {
          const address = server.address();
          resolve(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
        }),
      );
    expect((await testConnection(id, { url: await listen(talk) })).body).toMatchObject({ ok: false, kind: "notHttp" });
    expect((await testConnection(id, { url: await listen(silent), timeoutMs: 200 })).body).toMatchObject({ ok: false, kind: "timeout" });
    talk.close();
    silent.close();
  });

  test("calls no address of cloud metadata", async () => {
    const id = await create();
    const backendAnswer = await testConnection(id, { url: "http://169.254.169.254/latest" });
    const tokenAnswer = await testConnection(id, { url: backend.origin, security: oauth2({ tokenUrl: "http://169.254.169.254/token" }) });
    for (const { status, body } of [backendAnswer, tokenAnswer])
      expect(status === 400 || body.ok === false, JSON.stringify(body)).toBe(true);
  });

  test("is for an API that is there, and not for dozens at once", async () => {
    expect((await testConnection("api_nobody", { url: backend.origin })).status).toBe(404);
    const id = await create();
    expect((await testConnection(id, { url: backend.origin }, "staging")).status).toBe(400);
    const statuses = await Promise.all(
      Array.from({ length: 25 }, () => testConnection(id, { url: backend.origin }).then(({ status }) => status)),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    const refused = await testConnection(id, { url: backend.origin });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    now += 11_000;
    expect((await testConnection(id, { url: backend.origin })).status).toBe(200);
  });
});

describe("endpoint security that cannot be", () => {
  const wrong: [string, () => object, string][] = [
    ["a mask for a secret", () => oauth2({ clientSecret: "••••••••" }), "clientSecret"],
    ["a mask for a parameter's secret", () => oauth2({ parameters: [{ name: "a", value: "***", secret: true }] }), "parameters[0].value"],
    ["a token URL with credentials", () => oauth2({ tokenUrl: "https://me:pw@idp.example/token" }), "tokenUrl"],
    ["a token URL with a fragment", () => oauth2({ tokenUrl: "https://idp.example/token#here" }), "tokenUrl"],
    ["a parameter without a name", () => oauth2({ parameters: [{ name: "", value: "x" }] }), "parameters[0].name"],
    ["two parameters of one name", () => oauth2({ parameters: [{ name: "a" }, { name: "a" }] }), "parameters[1].name"],
    ["a parameter that the gateway sends itself", () => oauth2({ parameters: [{ name: "grant_type", value: "x" }] }), "parameters[0].name"],
    ["no client secret", () => oauth2({ clientSecret: "" }), "clientSecret"],
    ["no user for the password grant", () => oauth2({ grantType: "password", password: "x" }), "username"],
    ["no password for the password grant", () => oauth2({ grantType: "password", username: "x" }), "password"],
    ["an unknown type", () => ({ type: "ntlm" }), "type"],
  ];

  test.each(wrong)("%s: rejected at its path when written, tested and imported", async (_name, security, field) => {
    const id = await create();
    const path = `endpoints.production.security${field === "type" ? "" : `.${field}`}`;
    const written = await put(id, (definition) => {
      production(definition).security = { ...security() } as Definition["endpoints"][string]["security"];
    });
    const endpoints = { production: { url: backend.origin, security: security() } };
    const imported = await call("POST", "/apis/import", { name: "Imported", contextPath: "/imported", endpoints });
    for (const answer of [written, await testConnection(id, endpoints.production), imported]) {
      expect(answer.status, JSON.stringify(answer.body)).toBe(400);
      expect(paths(answer)?.[0]).toContain(path);
    }
    expect(tokens.seen).toEqual([]);
  });
});

describe("the secrets of an endpoint", () => {
  const PARAMETERS = [
    { name: "tenant", value: "shown" },
    { name: "api_key", value: AWKWARD, secret: true },
  ];

  test("are retained by a draft that is written back unchanged, and no read contains them", async () => {
    const id = await create(oauth2({ clientSecret: AWKWARD, parameters: PARAMETERS }));
    const read = await call("GET", `/apis/${id}/definition`);
    const exported = await call("GET", `/apis/${id}/export?format=yaml`);
    const api = await call("GET", `/apis/${id}`);
    expect(api.body.storedSecrets).toEqual([
      "endpoints.production.security.clientSecret",
      "endpoints.production.security.parameters[1].value",
    ]);
    for (const { body } of [read, exported, api]) expect(JSON.stringify(body)).not.toContain("a:b+c");
    expect(JSON.stringify(exported.body)).toContain("shown");
    expect((await call("PUT", `/apis/${id}/definition`, read.body, { "If-Match": read.headers.get("etag") ?? "" })).status).toBe(200);
    expect((await deploy(id)).status).toBe(201);
    expect((await tryIt(id)).status).toBe(200);
    expect(calls).toEqual(["Bearer token-1"]);
    expect(fieldsOf(0)).toMatchObject({ client_secret: AWKWARD, tenant: "shown", api_key: AWKWARD });
  });

  test("go with a parameter to its new place in the list, and not to another name", async () => {
    const id = await create(oauth2({ parameters: PARAMETERS }));
    const reordered = await put(id, (definition) => void production(definition).security.parameters?.reverse());
    expect(reordered.status).toBe(200);
    const renamed = await put(id, (definition) => {
      production(definition).security.parameters = [{ name: "other", secret: true }];
    });
    expect([renamed.status, paths(renamed)]).toEqual([400, ["endpoints.production.security.parameters[0].value"]]);
    // Removed and added again, it is another secret.
    const removed = await put(id, (definition) => {
      production(definition).security.parameters = [];
    });
    expect(removed.status).toBe(200);
    const again = await put(id, (definition) => {
      production(definition).security.parameters = [{ name: "api_key", secret: true }];
    });
    expect(again.status).toBe(400);
  });

  test("are not sent to a new origin when the draft is written", async () => {
    const id = await create(oauth2());
    const moved = await put(id, (definition) => {
      production(definition).security.tokenUrl = "https://thief.example/token";
    });
    expect([moved.status, paths(moved)]).toEqual([400, ["endpoints.production.security.clientSecret"]]);
    const backendMoved = await put(id, (definition) => {
      production(definition).url = "https://thief.example";
    });
    expect([backendMoved.status, paths(backendMoved)]).toEqual([400, ["endpoints.production.security.clientSecret"]]);
    const kept = await put(id, (definition) => {
      production(definition).security.tokenUrl = `${tokens.origin}/another/path`;
    });
    expect(kept.status).toBe(200);
  });

  test("come back with the deployment that a rollback restores, and a new secret never meets an old token", async () => {
    const id = await create(oauth2({ clientSecret: "the-first-one" }));
    const first = await deploy(id);
    await tryIt(id);
    await put(id, (definition) => {
      production(definition).security.clientSecret = "the-second-one";
    });
    await deploy(id);
    await tryIt(id);
    const back = await call("POST", `/apis/${id}/deployments/${first.body.number}/rollback`, {});
    expect(back.status, JSON.stringify(back.body)).toBe(201);
    await tryIt(id);
    expect(tokens.seen.map((_, index) => fieldsOf(index).client_secret)).toEqual(["the-first-one", "the-second-one", "the-first-one"]);
    expect(calls).toEqual(["Bearer token-1", "Bearer token-2", "Bearer token-3"]);
  });

  test("are never stored in plain text in the database", async () => {
    await create(oauth2({ clientSecret: "clear-text-one", parameters: [{ name: "k", value: "clear-text-two", secret: true }] }));
    const tables = await database().$queryRaw<{ name: string }[]>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`;
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const [found] = await database().$queryRawUnsafe<{ count: number }[]>(
        `SELECT count(*)::int AS count FROM "${name}" t WHERE t::text LIKE '%clear-text%'`,
      );
      expect([name, found?.count]).toEqual([name, 0]);
    }
  });
});

describe("cached tokens", () => {
  test("are reported with their times but without the token, and cleared permanently", async () => {
    const id = await create(oauth2());
    expect((await call("GET", `/apis/${id}/endpoint-tokens`)).body.items).toEqual([]);
    expect((await call("DELETE", `/apis/${id}/endpoint-tokens/production`)).status).toBe(404);
    await deploy(id);
    const read = async () => (await call("GET", `/apis/${id}/endpoint-tokens`)).body.items;
    expect(await read()).toMatchObject([{ environment: "production", state: "none", keptSince: null, gateway: { kind: "embedded" } }]);
    await tryIt(id);
    const [kept] = await read();
    expect(kept).toMatchObject({ state: "kept", lastError: null, hasRefreshToken: false });
    expect(Date.parse(String(kept?.expiresAt)) - Date.parse(String(kept?.keptSince))).toBe(3_600_000);
    expect(JSON.stringify(kept)).not.toContain("token-1");

    await tryIt(id);
    expect(calls).toEqual(["Bearer token-1", "Bearer token-1"]);
    expect((await call("DELETE", `/apis/${id}/endpoint-tokens/production`)).status).toBe(204);
    await tryIt(id);
    expect(calls.at(-1)).toBe("Bearer token-2");
    expect((await read())[0]).toMatchObject({ state: "kept" });
    expect((await call("DELETE", `/apis/${id}/endpoint-tokens/sandbox`)).status).toBe(404);
    expect(await database().endpointTokenDrop.findMany({ where: { apiId: id } })).toMatchObject([{ environment: "production", epoch: 1 }]);
    expect((await call("DELETE", `/apis/${id}`)).status).toBe(204);
    expect(await database().endpointTokenDrop.findMany({ where: { apiId: id } })).toEqual([]);
    expect((await call("GET", `/apis/${id}/endpoint-tokens`)).status).toBe(404);
  });

  test("are told with the reason when there is none", async () => {
    const id = await create(oauth2());
    await deploy(id);
    tokens.answer = (_, outgoing) => json(outgoing, { error: "invalid_client" }, 401);
    expect((await tryIt(id)).status).toBe(502);
    expect(calls).toEqual([]);
    const [told] = (await call("GET", `/apis/${id}/endpoint-tokens`)).body.items;
    expect(told).toMatchObject({ lastError: { kind: "refused" }, keptSince: null });
    expect(["failing", "backingOff"]).toContain(told?.state);
  });
});

describe("the gateways of a deployment", () => {
  test("are those that take calls, with the number that each runs", async () => {
    const id = await create();
    await deploy(id);
    await put(id, (definition) => Object.assign(definition, { description: "another one" }));
    await deploy(id);
    const row = { kind: "data-plane", host: "h", address: "a", version: "v", since: new Date() };
    const state = {
      ready: true,
      draining: false,
      degraded: [],
      workers: 2,
      dependencies: { postgres: true, redis: false },
      endpointTokens: [],
    };
    const seenAt = (await database().$queryRaw<{ now: Date }[]>`SELECT timezone('utc', now()) AS now`)[0]?.now ?? new Date();
    const ago = (seconds: number) => new Date(seenAt.getTime() - seconds * 1000);
    await database().gateway.createMany({
      data: [
        { ...row, id: "x-current", seenAt, state, deployments: [{ apiId: id, number: 2 }] },
        { ...row, id: "x-behind", seenAt: ago(13), state, deployments: [{ apiId: id, number: 1 }] },
        { ...row, id: "x-former-version", seenAt, state: { ready: true, draining: false, degraded: [], workers: 1 }, deployments: [] },
        { ...row, id: "x-ends", seenAt, state: { ...state, draining: true }, deployments: [{ apiId: id, number: 2 }] },
        { ...row, id: "x-away", seenAt: ago(60), state, deployments: [{ apiId: id, number: 2 }] },
      ],
    });
    const { body } = await call("GET", `/apis/${id}/deployments/2/gateways`);
    expect(body).toMatchObject({ live: 2, of: 4 });
    const gateways = body.gateways as { id: string; number: number | null }[];
    expect(gateways.filter((gateway) => gateway.id.startsWith("x-"))).toMatchObject([
      { id: "x-behind", number: 1 },
      { id: "x-current", number: 2 },
      { id: "x-former-version", number: null },
    ]);
    expect((await call("GET", `/apis/${id}/deployments/9/gateways`)).status).toBe(404);

    const { items } = (await call("GET", "/gateways")).body;
    expect(items.find((item) => item.kind === "embedded")).toMatchObject({ live: true, postgres: "connected", redis: null });
    expect(items.filter((item) => String(item.id).startsWith("x-"))).toMatchObject([
      { id: "x-away", live: false, status: "away" },
      { id: "x-behind", live: false, status: "serving" },
      { id: "x-current", live: true, status: "serving", postgres: "connected", redis: "away", workers: 2 },
      { id: "x-ends", live: false, status: "draining" },
      { id: "x-former-version", live: true, postgres: null, redis: null },
    ]);
    await database().gateway.deleteMany({ where: { id: { startsWith: "x-" } } });
  });
});
