import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { createServer, ensureDefaultServer } from "./servers";
import { addApplication, startTestIssuer, type TestApplication, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;
let application: TestApplication;
let pair: Awaited<ReturnType<typeof generateKeyPair>>;
let other: Awaited<ReturnType<typeof generateKeyPair>>;
let jwk: JWK;
let nonce: string;

beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
  await createServer(database(), issuer.box, { id: "partners", name: "Partners", audience: "partners", description: "" });
  application = await addApplication();
  pair = await generateKeyPair("ES256", { extractable: true });
  other = await generateKeyPair("ES256");
  jwk = await exportJWK(pair.publicKey);
  nonce = (await ask(await proof({ claims: { nonce: undefined } }))).nonce ?? "";
}, 120_000);

afterAll(() => issuer?.stop());

const now = () => Math.floor(Date.now() / 1000);
const TOKEN_PATH = "/oauth2/default/v1/token";
const AM_PATH = "/am/default/oauth/token";

interface Proof {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: CryptoKey;
}

const proof = ({ claims = {}, header = {}, key }: Proof = {}): Promise<string> =>
  new SignJWT(
    JSON.parse(JSON.stringify({ htm: "POST", htu: `${issuer.url}${TOKEN_PATH}`, iat: now(), jti: crypto.randomUUID(), nonce, ...claims })),
  )
    .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk, ...header })
    .sign(key ?? pair.privateKey);

async function ask(dpop: string | null, path = TOKEN_PATH, { clientId, clientSecret } = application) {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const response = await fetch(`${issuer.url}${path}`, {
    method: "POST",
    headers: { authorization, ...(dpop === null ? {} : { dpop }) },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return { status: response.status, body: await response.json(), nonce: response.headers.get("dpop-nonce") };
}

describe("a DPoP proof", () => {
  test("without a nonce gets one", async () => {
    expect(await ask(await proof({ claims: { nonce: undefined } }))).toMatchObject({
      status: 400,
      body: { error: "use_dpop_nonce" },
      nonce: expect.stringMatching(/^[\w-]+$/),
    });
  });

  test("with the nonce binds the token, even if the application doesn't require DPoP", async () => {
    expect(await ask(await proof())).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
  });

  test("may name either URL of the endpoint at Gravitee's path", async () => {
    expect((await ask(await proof(), AM_PATH)).status).toBe(200);
    expect((await ask(await proof({ claims: { htu: `${issuer.url}${AM_PATH}` } }), AM_PATH)).status).toBe(200);
    expect((await ask(await proof({ claims: { htu: `${issuer.url}${AM_PATH}` } }))).status).toBe(400);
  });

  test("is accepted once, even in two concurrent requests", async () => {
    const one = await proof();
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(one)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 200))
      expect({ status, error: body.error }).toEqual({ status: 400, error: "invalid_dpop_proof" });
    expect((await ask(one)).body.error).toBe("invalid_dpop_proof");
  });

  const wrong: [string, () => Promise<string>][] = [
    ["another method", () => proof({ claims: { htm: "GET" } })],
    ["another address", () => proof({ claims: { htu: "https://elsewhere.example/token" } })],
    ["another server's address", () => proof({ claims: { htu: `${issuer.url}/oauth2/partners/v1/token` } })],
    ["no address", () => proof({ claims: { htu: undefined } })],
    ["no time", () => proof({ claims: { iat: undefined } })],
    ["no id", () => proof({ claims: { jti: undefined } })],
    ["another type", () => proof({ header: { typ: "jwt" } })],
    ["another key's signature", () => proof({ key: other.privateKey })],
    ["no key", () => proof({ header: { jwk: undefined } })],
    ["a private key", async () => proof({ header: { jwk: await exportJWK(pair.privateKey) } })],
    ["no signature", async () => `${(await proof()).split(".").slice(0, 2).join(".")}.`],
    ["a second proof", async () => `${await proof()}, ${await proof()}`],
    ["no JWT", async () => "proof"],
    ["10,000 characters", async () => "p".repeat(10_000)],
  ];
  test.each(wrong)("with %s is rejected", async (_what, made) => {
    const { status, body } = await ask(await made());
    expect({ status, error: body.error }).toEqual({ status: 400, error: "invalid_dpop_proof" });
  });

  test.each([
    ["a made-up one", () => "made-up"],
    [
      "another server's",
      async () =>
        (
          await ask(
            await proof({ claims: { htu: `${issuer.url}/oauth2/partners/v1/token`, nonce: undefined } }),
            "/oauth2/partners/v1/token",
            await addApplication({ serverId: "partners" }),
          )
        ).nonce,
    ],
  ])("with a nonce that is %s gets the valid one", async (_what, wrongNonce) => {
    expect(await ask(await proof({ claims: { nonce: await wrongNonce() } }))).toMatchObject({
      status: 400,
      body: { error: "use_dpop_nonce" },
      nonce: expect.any(String),
    });
  });
});

test("an application that requires DPoP gets no token without a proof", async () => {
  const bound = await addApplication({ dpopBound: true });
  expect(await ask(null, TOKEN_PATH, bound)).toMatchObject({ status: 400, body: { error: "invalid_dpop_proof" } });
  expect(await ask(await proof(), TOKEN_PATH, bound)).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
});
