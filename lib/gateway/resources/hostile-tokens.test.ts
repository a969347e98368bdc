import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testOutbound, testPorts } from "../testing/fixtures";
import { createConnections } from "../upstream/connections";
import type { ResourceContext, TokenChecker } from "./contract";
import { builtinResource } from "./oauth2-builtin/resource";
import { jwtResource } from "./oauth2-jwt/resource";
import { type KeyServer, startKeyServer } from "./oauth2-jwt/testing";

const ISSUER = "https://idp.test/oauth2/default";
const AUDIENCE = "api://orders";

const part = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
/** Signs whatever it is given with RS256: what a library refuses to make, an attacker makes. */
const signed = (header: unknown, claims: unknown, key: KeyObject) => {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
};

describe.each(["oauth2-jwt", "oauth2-builtin"])("what tries to fool %s (RFC 8725, RFC 9068)", (type) => {
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwkOf = (key: KeyObject) => ({ ...key.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" });
  let server: KeyServer;
  let checker: TokenChecker;

  const claims = (more: Record<string, unknown> = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return { iss: ISSUER, aud: AUDIENCE, sub: "app", client_id: "app", jti: "1", iat: now, exp: now + 300, ...more };
  };
  const header = (more: Record<string, unknown> = {}) => ({ alg: "RS256", typ: "at+jwt", kid: "k1", ...more });
  const outcome = async (token: string) => (await checker.check(token)).outcome;
  const outcomeWith = (more: Record<string, unknown>, key = own.privateKey) => outcome(signed(header(more), claims(), key));

  beforeAll(async () => {
    server = await startKeyServer();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    server.answers.set("/keys", { json: { keys: [jwkOf(own.publicKey)] } });
    const ports = testPorts();
    ports.servers.set("default", { id: "default", issuer: ISSUER, audience: AUDIENCE, enabled: true, keys: [jwkOf(own.publicKey)] });
    const context: ResourceContext = {
      ports,
      connections: createConnections(testOutbound),
      resourceUri: "http://gateway.test/orders",
      secret: () => undefined,
    };
    checker =
      type === "oauth2-jwt"
        ? jwtResource.compile({ issuer: ISSUER, jwksUrl: `${server.origin}/keys`, audiences: [AUDIENCE] }, context)
        : builtinResource.compile({}, context);
    expect(await outcomeWith({})).toBe("active");
    server.asked.length = 0;
  });

  it("gains nothing by bringing its own key along, or the address of one", async () => {
    const jwk = jwkOf(other.publicKey);
    server.answers.set("/evil", { json: { keys: [jwk] } });
    const baits = [
      { jwk },
      { jku: `${server.origin}/evil` },
      { x5u: `${server.origin}/evil` },
      { x5c: ["MIIB"] },
      { jwk, jku: `${server.origin}/evil`, kid: undefined },
    ];
    for (const bait of baits) {
      expect(await outcomeWith(bait, other.privateKey)).toBe("inactive");
      // On a token of the issuer they mean nothing.
      expect(await outcomeWith({ ...bait, kid: "k1" })).toBe("active");
    }
    expect(server.asked).not.toContain("/evil");
  });

  it("gains nothing by what must be understood and is not", async () => {
    for (const crit of [["exp"], ["x"], [], "b64", null, [7], ["alg"]])
      expect(await outcomeWith({ crit, x: true, exp: 1, b64: true })).toBe("inactive");
    expect(await outcomeWith({ crit: ["b64"], b64: false })).toBe("inactive");
  });

  it("gains nothing by a key id that is none, and causes no fetch with it", async () => {
    for (const kid of [7, null, true, {}, ["k1"], { k1: "k1" }]) expect(await outcomeWith({ kid })).toBe("inactive");
    expect(server.asked).toEqual([]);
    for (const kid of ["", "K1", "k1 ", "../k1", "__proto__", "constructor"]) expect(await outcomeWith({ kid })).toBe("inactive");
  });

  it("needs the type of an access token, in each way in which it may be written", async () => {
    for (const typ of ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt"]) expect(await outcomeWith({ typ })).toBe("active");
    const others = [
      "JWT",
      "",
      "at+jwt ",
      "text/at+jwt",
      "application/application/at+jwt",
      "at+jwt;v=1",
      "id+jwt",
      "logout+jwt",
      7,
      null,
      ["at+jwt"],
    ];
    for (const typ of [...others, undefined]) expect(await outcomeWith({ typ })).toBe("inactive");
  });

  it("gains nothing by another algorithm in the header than the one that signed, or than the key's", async () => {
    for (const alg of [
      "none",
      "RS384",
      "RS512",
      "PS256",
      "ES256",
      "HS256",
      "EdDSA",
      "dir",
      "RSA-OAEP",
      "rs256",
      "",
      7,
      null,
      undefined,
      ["RS256"],
    ])
      expect(await outcomeWith({ alg })).toBe("inactive");
  });

  it("is refused at once when it is of 64 KB, whoever signed it, and asks for nothing", async () => {
    const huge = signed(header(), claims({ filler: "x".repeat(50_000) }), own.privateKey);
    expect(huge.length).toBeGreaterThan(64 * 1024);
    if (type === "oauth2-jwt") expect(checker.check(huge)).toMatchObject({ outcome: "inactive" });
    expect(await outcome(huge)).toBe("inactive");
    expect(server.asked).toEqual([]);
  });

  it("is refused in whatever form it comes, and never fails the check itself", async () => {
    const good = signed(header(), claims(), own.privateKey);
    const [head = "", body = "", signature = ""] = good.split(".");
    const forms = [
      `${good}.`,
      `.${good}`,
      `${head}.${body}`,
      `${head}.${body}.`,
      `${head}..${signature}`,
      `${head}.${body}.${signature}.a.b`,
      `..`,
      ".",
    ];
    for (const form of forms) expect(await outcome(form)).toBe("inactive");
    for (const json of ["", "7", "null", "[]", '"x"', "{", '{"alg":"RS256"', "\ufeff{}"])
      expect(await outcome(`${part(json)}.${body}.${signature}`)).toBe("inactive");
    for (const payload of ["", "7", "null", "[]", '"x"', "{", "not json"])
      expect(await outcome(signed(header(), payload, own.privateKey))).toBe("inactive");
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9_-]{0,20}(\.[A-Za-z0-9_-]{0,20}){0,5}$/)), async (text) => {
        expect(await outcome(text)).toBe("inactive");
      }),
    );
  });

  it("is good no longer when any one character was changed", async () => {
    const good = signed(header(), claims(), own.privateKey);
    await fc.assert(
      // The last character has bits that mean nothing.
      fc.asyncProperty(fc.nat(good.length - 2), fc.stringMatching(/^[A-Za-z0-9_.-]$/), async (index, character) => {
        fc.pre(good[index] !== character);
        expect(await outcome(good.slice(0, index) + character + good.slice(index + 1))).toBe("inactive");
      }),
    );
  });
});
