import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createPlainServer } from "node:net";
import fc from "fast-check";
import { Pool } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testAuthority } from "../resources/testing/certificates";
import { startServer } from "../testing/servers";
import { EndpointSecurityFailure } from "./failure";
import { endpointSecuritySchema, type OAuth2Security } from "./schema";
import { json, startTokenServer, type TokenServer } from "./testing/token-server";
import { MAX_LIFETIME_MS, UNSTATED_LIFETIME_MS } from "./token-answer";
import { compileTokenForm } from "./token-form";
import { MAX_RETRY_AFTER_SECONDS, requestToken } from "./token-request";

let server: TokenServer;
const pools: Pool[] = [];
beforeAll(async () => {
  server = await startTokenServer();
});
const standard = () => server.answer;
let usual: TokenServer["answer"];
beforeEach(() => {
  usual ??= standard();
  server.answer = usual;
  server.seen.length = 0;
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.destroy()));
  await server.close();
});

const poolTo = (origin: string, options: Pool.Options = {}) => {
  const pool = new Pool(origin, options);
  pools.push(pool);
  return pool;
};

function oauth2(overrides: object = {}): OAuth2Security {
  const parsed = endpointSecuritySchema.parse({ type: "oauth2", tokenUrl: server.tokenUrl, clientId: "gateway", ...overrides });
  if (parsed.type !== "oauth2") throw new Error("This is not OAuth2.");
  return parsed;
}

function ask(overrides: object = {}, secrets: Record<string, string> = { clientSecret: "s3cret" }, refreshToken: string | null = null) {
  const security = oauth2(overrides);
  const form = compileTokenForm(security, (slot) => (secrets[slot] === undefined ? undefined : { value: secrets[slot], version: "1" }));
  return requestToken(poolTo(form.origin), { form, refreshToken, timeoutMs: security.timeoutMs, now: () => Date.now() });
}

async function failureOf(asked: Promise<unknown>): Promise<EndpointSecurityFailure> {
  const failure = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(EndpointSecurityFailure);
  return failure as EndpointSecurityFailure;
}

/** Any text, rich in what separates fields, credentials and lines. */
const text = fc.oneof(
  fc.string({ minLength: 1, unit: "binary" }),
  fc.string({ minLength: 1, unit: fc.constantFrom(":", "+", "%", "&", "=", " ", "\r\n", "é", "€", "😀", "\0", "a") }),
);
const basicParts = (header: string | undefined) => Buffer.from((header ?? "").replace(/^Basic /, ""), "base64").toString();
const formDecode = (value: string) => new URLSearchParams(`v=${value}`).get("v");

describe("a token request", () => {
  it("carries client credentials, scope and parameters as a form, and nothing of them in the URL", async () => {
    await ask(
      {
        scope: "orders read",
        parameters: [
          { name: "audience", value: "orders" },
          { name: "key", secret: true },
        ],
      },
      { clientSecret: "s3cret", "parameters/key": "k&=y" },
    );
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ method: "POST", url: "/oauth2/token" });
    expect(server.seen[0]?.headers).toMatchObject({ "content-type": "application/x-www-form-urlencoded", accept: "application/json" });
    expect(server.seen[0]?.fields).toEqual([
      ["grant_type", "client_credentials"],
      ["scope", "orders read"],
      ["audience", "orders"],
      ["key", "k&=y"],
    ]);
  });

  it("keeps the query of the token URL as it was written", async () => {
    await ask({ tokenUrl: `${server.tokenUrl}?tenant=a%20b&x` });
    expect(server.seen[0]?.url).toBe("/oauth2/token?tenant=a%20b&x");
  });

  it("brings every secret unchanged in the body, whatever characters it has", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, text, text, text, async (clientId, clientSecret, username, password, value) => {
        server.seen.length = 0;
        await ask(
          { clientId, clientAuthentication: "body", grantType: "password", username, parameters: [{ name: "p", secret: true }] },
          { clientSecret, password, "parameters/p": value },
        );
        expect(server.seen[0]?.headers.authorization).toBeUndefined();
        expect(server.seen[0]?.fields).toEqual([
          ["grant_type", "password"],
          ["client_id", clientId],
          ["client_secret", clientSecret],
          ["username", username],
          ["password", password],
          ["p", value],
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it("form-encodes client id and secret before Basic joins them (RFC 6749, section 2.3.1)", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (clientId, clientSecret) => {
        server.seen.length = 0;
        await ask({ clientId }, { clientSecret });
        const joined = basicParts(server.seen[0]?.headers.authorization);
        expect(joined.split(":").map(formDecode)).toEqual([clientId, clientSecret]);
        expect(server.seen[0]?.fields).toEqual([["grant_type", "client_credentials"]]);
      }),
      { numRuns: 60 },
    );
  });

  it("joins them as they are where the server wants them raw", async () => {
    await fc.assert(
      fc.asyncProperty(
        text.filter((clientId) => !clientId.includes(":")),
        text,
        async (clientId, clientSecret) => {
          server.seen.length = 0;
          await ask({ clientId, basicEncoding: "raw" }, { clientSecret });
          expect(basicParts(server.seen[0]?.headers.authorization)).toBe(`${clientId}:${clientSecret}`);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("sends a refresh token with the client's authentication and the parameters, and neither user nor password", async () => {
    await ask(
      { grantType: "password", username: "svc", parameters: [{ name: "audience", value: "orders" }] },
      { clientSecret: "s3cret", password: "pw" },
      "r+1",
    );
    expect(server.seen[0]?.fields).toEqual([
      ["grant_type", "refresh_token"],
      ["refresh_token", "r+1"],
      ["audience", "orders"],
    ]);
    expect(basicParts(server.seen[0]?.headers.authorization)).toBe("gateway:s3cret");
  });

  it("is refused before it is made when a secret is missing", () => {
    expect(() => compileTokenForm(oauth2(), () => undefined)).toThrow("client secret");
    expect(() =>
      compileTokenForm(oauth2({ grantType: "password", username: "svc" }), (slot) =>
        slot === "clientSecret" ? { value: "s", version: "1" } : undefined,
      ),
    ).toThrow("password");
  });
});

describe("the life of a token", () => {
  const lifetimes: [string, unknown, number][] = [
    ["a number of seconds", 120, 120_000],
    ["a number with a fraction", 1.5, 1500],
    ["a numeric text", "120", 120_000],
    ["nothing, so that it is kept for five minutes", undefined, UNSTATED_LIFETIME_MS],
    ["null, which is nothing", null, UNSTATED_LIFETIME_MS],
    ["a word, which says nothing", "soon", UNSTATED_LIFETIME_MS],
    ["zero, so that it is used and not kept", 0, 0],
    ["a negative number, so that it is used and not kept", -1, 0],
    ["a negative text", "-5", 0],
    ["a huge number, which is a day at most", 9e15, MAX_LIFETIME_MS],
  ];
  it.each(lifetimes)("is read from %s", async (_, expiresIn, lifetimeMs) => {
    server.answer = (_request, outgoing) => json(outgoing, { access_token: "t", token_type: "bearer", expires_in: expiresIn });
    expect(await ask()).toMatchObject({ accessToken: "t", lifetimeMs });
  });

  it("is a day at most also when the number is larger than numbers can be", async () => {
    server.answer = (_request, outgoing) => void outgoing.end('{"access_token":"t","expires_in":1e400}');
    expect(await ask()).toMatchObject({ lifetimeMs: MAX_LIFETIME_MS });
  });

  it("has a refresh token and a scope where the server gives them", async () => {
    server.answer = (_request, outgoing) => json(outgoing, { access_token: "t", refresh_token: "r", scope: "a b" });
    expect(await ask()).toMatchObject({ refreshToken: "r", scope: "a b" });
  });
});

describe("an answer that is no token", () => {
  const answers: [string, TokenServer["answer"], string][] = [
    ["HTML", (_, out) => void out.end("<!doctype html><title>Sign in</title>"), "HTML"],
    ["a redirect", (_, out) => void out.writeHead(302, { location: `${server.origin}/elsewhere` }).end(), "redirects aren't followed"],
    ["JSON without access_token", (_, out) => json(out, { token: "t" }), "without an access_token"],
    ["an empty access_token", (_, out) => json(out, { access_token: "" }), "without an access_token"],
    ["an access_token that is no text", (_, out) => json(out, { access_token: 7 }), "can't be sent in a header"],
    ["an access_token with a line break", (_, out) => json(out, { access_token: "a\r\nx-admin: 1" }), "can't be sent in a header"],
    ["an access_token that is too long", (_, out) => json(out, { access_token: "x".repeat(17_000) }), "can't be sent in a header"],
    ["a list", (_, out) => json(out, ["t"]), "isn't a JSON object"],
    ["nothing", (_, out) => void out.writeHead(204).end(), "isn't a JSON object"],
    ["a DPoP token", (_, out) => json(out, { access_token: "t", token_type: "DPoP" }), "a type other than Bearer"],
    ["more than 64 KB", (_, out) => json(out, { access_token: "t", padding: "x".repeat(10_000_000) }), "more than 65536 bytes"],
    ["404", (_, out) => void out.writeHead(404).end("Not found"), "check the token URL"],
  ];
  it.each(answers)("is told apart: %s", async (_, answer, said) => {
    server.answer = answer;
    const failure = await failureOf(ask());
    expect(failure.kind).toBe("notAToken");
    expect(failure.message).toContain(said);
    expect(failure.message).toContain("/oauth2/token");
    expect(server.seen).toHaveLength(1);
  });

  it("may also be no HTTP at all", async () => {
    const odd = createPlainServer((socket) => {
      socket.on("error", () => undefined).resume();
      socket.write("SSH-2.0-OpenSSH_9.2\r\n", () => socket.destroySoon());
    });
    await new Promise<void>((resolve) => odd.listen(0, "127.0.0.1", resolve));
    const { port } = odd.address() as AddressInfo;
    expect(await failureOf(ask({ tokenUrl: `http://127.0.0.1:${port}/token` }))).toMatchObject({ kind: "notAToken" });
    await new Promise<void>((resolve) => odd.close(() => resolve()));
  });
});

describe("the type of a token", () => {
  it.each([["Bearer"], ["bearer"], ["BEARER "], ["BearerToken"], ["bearer_token"], ["Bearer Token"], [""], [null], [undefined]])(
    "%j is Bearer",
    async (type) => {
      server.answer = (_, out) => json(out, { access_token: "t", token_type: type });
      expect(await ask()).toMatchObject({ accessToken: "t" });
    },
  );
  it.each([["DPoP"], ["mac"], ["N_A"], ["BearerX"], ["token"], [7], [["Bearer"]], [{}]])("%j is not", async (type) => {
    server.answer = (_, out) => json(out, { access_token: "t", token_type: type });
    expect(await failureOf(ask())).toMatchObject({ kind: "notAToken" });
  });
});

describe("a token endpoint that fails", () => {
  it.each([400, 401, 403])("refuses with %i, and its code and reason are kept for the log", async (status) => {
    server.answer = (_, out) => json(out, { error: "invalid_client", error_description: "Unknown client.\nReally" }, status);
    const failure = await failureOf(ask());
    expect(failure).toMatchObject({ kind: "refused" });
    expect(failure.message).toContain(`status ${status} (invalid_client: Unknown client.?Really)`);
  });

  it("is asked not before its Retry-After with 429, in seconds or as a date, within bounds", async () => {
    const retryAfter = async (value: string | null) => {
      server.answer = (_, out) => json(out, {}, 429, value === null ? {} : { "retry-after": value });
      const failure = await failureOf(ask());
      expect(failure.kind).toBe("rateLimited");
      return failure.retryAfterSeconds ?? 0;
    };
    expect(await retryAfter("7")).toBe(7);
    expect(await retryAfter("0")).toBe(1);
    expect(await retryAfter("999999")).toBe(MAX_RETRY_AFTER_SECONDS);
    expect(await retryAfter("soon")).toBe(1);
    expect(await retryAfter(null)).toBe(1);
    const inAMinute = await retryAfter(new Date(Date.now() + 60_000).toUTCString());
    expect(inAMinute).toBeGreaterThan(30);
    expect(inAMinute).toBeLessThanOrEqual(61);
  });

  it.each([500, 502, 503, 504])("fails with %i", async (status) => {
    server.answer = (_, out) => void out.writeHead(status, { "retry-after": "3" }).end("<html>");
    expect(await failureOf(ask())).toMatchObject({ kind: "serverError", retryAfterSeconds: 3 });
  });

  it("is unreachable when nothing listens or the name does not exist", async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    expect(await failureOf(ask({ tokenUrl: `${gone.origin}/token` }))).toMatchObject({ kind: "unreachable" });
    expect(await failureOf(ask({ tokenUrl: "http://nobody.invalid/token" }))).toMatchObject({ kind: "unreachable" });
    server.answer = (_, out) => void out.destroy();
    expect(await failureOf(ask())).toMatchObject({ kind: "unreachable" });
  });

  it("runs out of time before its answer, and in the middle of it", async () => {
    server.answer = () => undefined;
    expect(await failureOf(ask({ timeoutMs: 100 }))).toMatchObject({ kind: "timeout" });
    server.answer = (_, out) => void out.writeHead(200).write('{"access_token":');
    expect(await failureOf(ask({ timeoutMs: 100 }))).toMatchObject({ kind: "timeout" });
  });

  it("is not spoken to when its certificate is not to be trusted", async () => {
    const identity = testAuthority("Nobody's authority").issue(["127.0.0.1"]);
    const seen: string[] = [];
    const secure = createTlsServer(identity, (incoming, outgoing) => {
      seen.push(incoming.url ?? "");
      outgoing.end("{}");
    });
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const { port } = secure.address() as AddressInfo;
    expect(await failureOf(ask({ tokenUrl: `https://127.0.0.1:${port}/token` }))).toMatchObject({ kind: "tls" });
    // And a server that speaks no TLS is told apart too.
    expect(await failureOf(ask({ tokenUrl: `https://127.0.0.1:${server.port}/token` }))).toMatchObject({ kind: "tls" });
    expect(seen).toEqual([]);
    await new Promise<void>((resolve) => {
      secure.close(() => resolve());
      secure.closeAllConnections();
    });
  });

  it("never gets a secret into a message, though it repeats everything that it was sent", async () => {
    const secrets = { clientSecret: "s3c:r&t é", password: "pa+ss%w", "parameters/key": "p=ram" };
    server.answer = ({ body, headers, fields }, out) =>
      json(
        out,
        {
          error: `e ${fields.map(([, value]) => value).join(" ")}`,
          error_description: `${headers.authorization} ${body} ${decodeURIComponent(body)}`,
        },
        400,
      );
    for (const clientAuthentication of ["basic", "body"]) {
      for (const refreshToken of [null, "r3fresh+token"]) {
        const security = { clientAuthentication, grantType: "password", username: "svc", parameters: [{ name: "key", secret: true }] };
        const { message } = await failureOf(ask(security, secrets, refreshToken));
        const basic = Buffer.from("gateway:s3c%3Ar%26t+%C3%A9").toString("base64");
        for (const secret of [...Object.values(secrets), "r3fresh", basic, "s3c", "pa%2Bss", "ram"]) expect(message).not.toContain(secret);
        expect(message).toContain("[secret]");
      }
    }
  });

  const ENCODERS: Record<string, (secret: string) => string> = {
    "as it is": (secret) => secret,
    "percent-encoded": (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
    "percent-encoded in upper case": (secret) => encodeURIComponent(secret),
    "percent-encoded twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
    "form-encoded": (secret) => new URLSearchParams([["", secret]]).toString().slice(1),
    "in base64": (secret) => Buffer.from(secret).toString("base64"),
    "in base64url": (secret) => Buffer.from(secret).toString("base64url"),
    "in the middle of base64": (secret) => Buffer.from(`client gateway: ${secret} is wrong`).toString("base64"),
    "in base64 of base64": (secret) => Buffer.from(Buffer.from(`x${secret}`).toString("base64")).toString("base64"),
    "in hex": (secret) => Buffer.from(secret).toString("hex"),
    "escaped for JSON": (secret) => JSON.stringify(JSON.stringify(secret)),
    "escaped by code points": (secret) => [...secret].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
    "escaped for HTML by name": (secret) => secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
    "escaped for HTML by number": (secret) => [...secret].map((one) => `&#${one.charCodeAt(0)};`).join(""),
    "escaped for HTML in hex": (secret) => [...secret].map((one) => `&#x${one.charCodeAt(0).toString(16)};`).join(""),
    "in another case": (secret) => secret.toUpperCase(),
    "with spaces in it": (secret) => secret.replace(/(.{3})/g, "$1 "),
    "as base64 in a URL": (secret) => encodeURIComponent(Buffer.from(secret).toString("base64")),
  };

  it.each(Object.entries(ENCODERS))(
    "never gets a secret into a message that it repeats %s, with an error or as the scope",
    async (_, encode) => {
      const secret = 'Zx9<q&7"p/+w%k=t';
      const echo = `wrong: ${encode(secret)} given`;
      for (const status of [400, 200]) {
        server.answer = (_request, out) => json(out, { error: "invalid_client", error_description: echo }, status);
        const { message } = await failureOf(ask({}, { clientSecret: secret }));
        expect(message).toContain("invalid_client");
        for (const trace of [secret, encode(secret), "Zx9", "zx9", encode(secret).slice(3, 15)]) expect(message).not.toContain(trace);
      }
      server.answer = (_request, out) => json(out, { access_token: "t", scope: echo });
      expect((await ask({}, { clientSecret: secret })).scope).not.toContain(encode(secret));
    },
  );

  it("says in full what repeats no secret, whatever characters it has", async () => {
    const said =
      "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value (dGVzdA==).";
    server.answer = (_, out) => json(out, { error: "invalid_client", error_description: said }, 401);
    expect((await failureOf(ask())).message).toContain(said);
  });

  it.each<[string, unknown, string, string]>([
    ["GitHub", { error: "incorrect_client_credentials", error_description: "Wrong." }, "refused", "incorrect_client_credentials: Wrong."],
    ["Slack", { ok: false, error: "bad_client_secret" }, "refused", "bad_client_secret"],
    ["WeChat", { errcode: 40013, errmsg: "invalid appid" }, "refused", "40013: invalid appid"],
    ["Apigee", { ErrorCode: "invalid_client", Error: "ClientId is Invalid" }, "refused", "ClientId is Invalid"],
    ["Apigee's fault", { fault: { faultstring: "Invalid key", detail: { errorcode: "x" } } }, "refused", "Invalid key"],
    ["Okta", { errorCode: "E0000011", errorSummary: "Invalid token provided" }, "refused", "E0000011: Invalid token provided"],
    ["one with an object", { error: { code: 401, message: "No such client" } }, "refused", "401: No such client"],
    ["one with a list", { errors: [{ code: "bad", message: "No such client" }] }, "refused", "bad: No such client"],
    ["one with a verdict", { success: false, message: "No such client" }, "refused", "No such client"],
    ["one with a token of nothing", { error: "invalid_client", access_token: "" }, "refused", "invalid_client"],
    ["one that is busy", { error: "slow_down" }, "rateLimited", "slow_down"],
    ["one that is broken", { error: "temporarily_unavailable" }, "serverError", "temporarily_unavailable"],
    ["one that says nothing", { error: "", message: "hello" }, "notAToken", "without an access_token"],
  ])("that states its error with status 200, as %s does, is quoted", async (_, body, kind, said) => {
    server.answer = (_request, out) => json(out, body);
    const failure = await failureOf(ask());
    expect(failure).toMatchObject({ kind, status: 200 });
    expect(failure.message).toContain(said);
  });

  it("that states its error as a form, as GitHub does, is quoted", async () => {
    server.answer = (_, out) => void out.end("error=incorrect_client_credentials&error_description=The+client_id+is+wrong.");
    expect(await failureOf(ask())).toMatchObject({ kind: "refused", message: expect.stringContaining("The client_id is wrong.") });
  });

  it("ends at once when nobody needs the token any more", async () => {
    server.answer = () => undefined;
    const form = compileTokenForm(oauth2(), () => ({ value: "s", version: "1" }));
    const controller = new AbortController();
    const asked = requestToken(poolTo(form.origin), {
      form,
      refreshToken: null,
      timeoutMs: 60_000,
      now: Date.now,
      signal: controller.signal,
    });
    await expect.poll(() => server.seen.length).toBe(1);
    controller.abort();
    expect(await failureOf(asked)).toMatchObject({ kind: "released" });
  });
});
