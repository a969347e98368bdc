import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testOutbound, testPorts } from "../../testing/fixtures";
import { type IntrospectionServer, startIntrospection } from "../../testing/introspection-server";
import { createConnections } from "../../upstream/connections";
import type { ResourceContext, TokenChecker } from "../contract";
import { graviteeAmResource, introspectionEndpoint } from "./resource";
import { graviteeAmConfigSchema } from "./schema";

describe("where a security domain is asked", () => {
  it.each([
    ["https://am.example.com", "https://am.example.com/test/oauth/introspect"],
    ["https://am.example.com/", "https://am.example.com/test/oauth/introspect"],
    ["https://am.example.com//", "https://am.example.com/test/oauth/introspect"],
    ["https://example.com/am", "https://example.com/am/test/oauth/introspect"],
    ["https://example.com/am/", "https://example.com/am/test/oauth/introspect"],
  ])("below %s is %s", (serverUrl, expected) => {
    expect(introspectionEndpoint({ serverUrl, version: "V3", securityDomain: "test" })).toBe(expected);
    expect(introspectionEndpoint({ serverUrl, version: "V2", securityDomain: "test" })).toBe(expected);
    expect(introspectionEndpoint({ serverUrl, version: "V1", securityDomain: "test" })).toBe(expected.replace("introspect", "check_token"));
  });

  it("is always one segment below the server's URL, whatever domain is accepted", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(".", "/", "%", "2", "e", "?", "#", "a", "\\") })),
        (securityDomain) => {
          const parsed = graviteeAmConfigSchema.safeParse({ serverUrl: "https://am.example.com/am", securityDomain, clientId: "gw" });
          if (!parsed.success) return;
          const url = new URL(introspectionEndpoint(parsed.data));
          const segments = url.pathname.split("/");
          expect(segments).toHaveLength(5);
          expect([segments[1], segments[3], segments[4]]).toEqual(["am", "oauth", "introspect"]);
          expect(decodeURIComponent(segments[2] ?? "")).toBe(securityDomain);
          expect(url.search + url.hash).toBe("");
        },
      ),
    );
  });

  it.each(["", ".", "..", "a/b", "/", "a\\b", "a\n", " a", "\ud800"])("is nowhere for the domain %j", (securityDomain) => {
    const { error } = graviteeAmConfigSchema.safeParse({ serverUrl: "https://am.example.com", securityDomain, clientId: "gw" });
    expect(error?.issues.map(({ path }) => path)).toEqual([["securityDomain"]]);
  });
});

describe("a Gravitee AM authorization server", () => {
  let am: IntrospectionServer;
  let ports: ReturnType<typeof testPorts>;

  const context = (version = "1"): ResourceContext => ({
    ports,
    connections: createConnections(testOutbound),
    resourceUri: "http://gateway.test/gateway/orders",
    secret: (field) => (field === "clientSecret" ? { value: "s&cret", version } : undefined),
  });
  const config = (more: Record<string, unknown> = {}) => ({ serverUrl: am.origin, securityDomain: "my domain", clientId: "gw", ...more });
  const outcome = async (checker: TokenChecker, token: string) => (await checker.check(token)).outcome;

  beforeAll(async () => {
    am = await startIntrospection();
  });
  afterAll(() => am.close());
  beforeEach(() => {
    ports = testPorts();
    am.answers.clear();
    am.questions.length = 0;
    am.override = null;
    am.answers.set("good", { active: true, client_id: "shop", sub: "alice", scope: "a b", environment: "sandbox" });
  });

  it.each([
    ["V1", "/my%20domain/oauth/check_token"],
    ["V2", "/my%20domain/oauth/introspect"],
    ["V3", "/my%20domain/oauth/introspect"],
  ])("of version %s is asked at %s, by POST with the token in the form and Basic credentials", async (version, path) => {
    const checker = graviteeAmResource.compile(config({ version }), context());
    expect(await checker.check("good")).toMatchObject({
      outcome: "active",
      token: { clientId: "shop", subject: "alice", scopes: ["a", "b"], environment: "sandbox" },
    });
    const [question] = am.questions;
    expect(question).toMatchObject({ method: "POST", url: path, body: "token=good" });
    expect(Buffer.from(String(question?.headers.authorization).slice(6), "base64").toString()).toBe("gw:s%26cret");
    // What is known is answered at once.
    expect(checker.check("good")).toMatchObject({ outcome: "active" });
    expect(am.questions).toHaveLength(1);
  });

  it.each(["V1", "V2", "V3"])("of version %s lets nothing pass without active: true, whatever else a 200 says", async (version) => {
    const answers = [{ client_id: "shop", scope: "a" }, { active: "true" }, { active: 1 }, { active: false }, {}, [], "active"];
    for (const [index, answer] of answers.entries()) am.answers.set(`t${index}`, answer);
    const checker = graviteeAmResource.compile(config({ version }), context());
    for (const index of answers.keys()) expect(await outcome(checker, `t${index}`)).toBe("inactive");
  });

  it("is unavailable with a status outside 2xx, and a 401 is said to be about the gateway's own client", async () => {
    const checker = graviteeAmResource.compile(config(), context());
    for (const status of [301, 400, 401, 403, 404, 429, 500]) {
      for (const body of ['{"active":true}', '{"error":"invalid_request"}', "<html>"]) {
        am.override = { status, body, headers: { location: `${am.origin}/elsewhere` } };
        const check = await checker.check("good");
        expect(check.outcome).toBe("unavailable");
        if (status === 401) expect(check).toMatchObject({ reason: expect.stringContaining("client id and secret") });
      }
    }
    expect(am.questions.every(({ url }) => url === "/my%20domain/oauth/introspect")).toBe(true);
  });

  it("says by 400 invalid_token that a token is not good, and by 401 or 429 that the gateway is not welcome", async () => {
    const checker = graviteeAmResource.compile(config(), context());
    const body = JSON.stringify({ error: "invalid_token", error_description: "Token was not recognised" });
    const outcomes: Record<number, string> = {
      400: "inactive",
      404: "inactive",
      401: "unavailable",
      403: "unavailable",
      429: "unavailable",
      500: "unavailable",
    };
    for (const [status, expected] of Object.entries(outcomes)) {
      am.override = { status: Number(status), body };
      expect(await outcome(checker, `token-${status}`)).toBe(expected);
    }
  });

  it("says what it says with any status of success, and nothing with an empty body", async () => {
    const checker = graviteeAmResource.compile(config(), context());
    am.override = { status: 201, body: '{"active":true,"client_id":"shop"}' };
    expect(await outcome(checker, "created")).toBe("active");
    am.override = { status: 201, body: '{"active":false}' };
    expect(await outcome(checker, "other")).toBe("inactive");
    am.override = { status: 204, body: "" };
    expect(await outcome(checker, "third")).toBe("invalidResponse");
  });

  it("shares what it knows only with what has the same type, configuration and secret", () => {
    const identity = (more: Record<string, unknown> = {}, version = "1") => graviteeAmResource.identity(config(more), context(version));
    const others = [
      identity({ securityDomain: "other" }),
      identity({ version: "V1" }),
      identity({ clientId: "other" }),
      identity({ audiences: ["a"] }),
      identity({}, "2"),
    ];
    expect(identity()).toBe(identity({ version: "V3" }));
    expect(new Set([identity(), ...others]).size).toBe(6);
  });

  it("does not compile without its secret", () => {
    expect(() => graviteeAmResource.compile(config(), { ...context(), secret: () => undefined })).toThrow("client secret");
  });
});
