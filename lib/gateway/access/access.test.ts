import fc from "fast-check";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshSegment, patternOf } from "@/lib/definition/operation-paths";
import { METHODS } from "@/lib/definition/schema";
import { createGateway, type Gateway } from "../gateway";
import { Caller } from "../http/caller";
import { definition, testOptions, testPorts } from "../testing/fixtures";
import { startBackend } from "../testing/servers";
import { asksToken, type CallAccess, compileAccess, pathOfSegments } from "./access";

const ISSUER = "http://console.test/oauth2/default";
const SCOPES = ["read", "write"];

const segment = fc.constantFrom("a", "b", "A", "é", "x y");
const flowPath = fc
  .array(fc.oneof(fc.constantFrom("a", "b", "é"), fc.constant(":")), { maxLength: 3 })
  .map((parts) => `/${parts.map((part, index) => (part === ":" ? `:p${index}` : part)).join("/")}`);
const step = fc.oneof(
  fc.record({
    policy: fc.constant("oauth2"),
    enabled: fc.boolean(),
    config: fc.record({
      resource: fc.constantFrom("as-1", "as-2"),
      requiredScopes: fc.subarray(SCOPES),
      scopeMode: fc.constantFrom("all", "any"),
    }),
  }),
  fc.constant({ policy: "transform-headers", config: { remove: ["x-a"] } }),
);
const flow = fc.record({
  enabled: fc.boolean(),
  match: fc.record({
    path: flowPath,
    operator: fc.constantFrom("startsWith", "equals"),
    methods: fc.subarray([...METHODS], { maxLength: 2 }),
  }),
  request: fc.array(step, { maxLength: 3 }),
});
const inputs = fc.record({
  flowSelection: fc.constantFrom("all", "best"),
  paths: fc.record({ allowSemicolon: fc.boolean(), allowEncodedSlash: fc.boolean() }),
  endpoint: fc.constantFrom("production", "sandbox"),
  flows: fc.array(flow, { maxLength: 4 }),
});
/** Another API that lies below, which takes its calls. */
const below = fc.constantFrom(null, "/orders/a", "/orders/b/b");
const target = fc.oneof(
  fc.array(segment, { maxLength: 3 }).map((segments) => pathOfSegments(segments)),
  fc.constantFrom("/a;b", "/a%2fb", "/a//b", "/a/../b", "/a/", "/a/b/", "/a%3fb", "/%61/b"),
);
const method = fc.constantFrom(...METHODS, "TRACE", "PROPFIND");

describe("what a call is asked for", () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let gateway: Gateway;
  let sign: (scope: string) => Promise<string>;
  const ports = testPorts();

  beforeAll(async () => {
    backend = await startBackend();
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    const key = { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" };
    ports.servers.set("default", { id: "default", issuer: ISSUER, audience: "api://default", enabled: true, keys: [key] });
    const now = Math.floor(Date.now() / 1000);
    sign = (scope) =>
      new SignJWT({ iss: ISSUER, aud: "api://default", sub: "app", client_id: "app", jti: scope, iat: now, exp: now + 3000, scope })
        .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: "k1" })
        .sign(privateKey);
    gateway = createGateway(ports, testOptions);
  });
  afterAll(async () => {
    await gateway.close();
    await backend.close();
  });

  const ask = async (called: string, path: string, token: string | null) => {
    const answer = await gateway.handle({
      method: called,
      target: `/orders${path}`,
      rawHeaders: token === null ? [] : ["authorization", `Bearer ${token}`],
      body: null,
      peerAddress: "127.0.0.1",
      caller: new Caller(),
    });
    const { body } = answer;
    if (body !== null && "destroy" in body) body.destroy();
    const index = answer.rawHeaders.findIndex((name, at) => at % 2 === 0 && name === "www-authenticate");
    return { status: answer.status, challenge: index === -1 ? "" : (answer.rawHeaders[index + 1] ?? "") };
  };

  let number = 0;
  const serve = async ({ endpoint, ...rest }: Record<string, unknown> & { endpoint: string }, nested: string | null) => {
    number += 1;
    const input = {
      contextPath: "/orders",
      endpoints: { [endpoint]: { url: backend.origin } },
      resources: ["as-1", "as-2"].map((name) => ({ name, type: "oauth2-builtin", config: { server: "default" } })),
      ...rest,
    };
    const served = definition(input);
    const other =
      nested === null ? [] : [definition({ contextPath: nested, endpoints: { production: { url: `${backend.origin}/other` } } })];
    const problems = await gateway.replace(
      [served, ...other].map((one, index) => ({ apiId: `api_${index}`, deploymentNumber: number, definition: one, secrets: new Map() })),
    );
    expect(problems).toEqual([]);
    return served;
  };

  it("is what the gateway asks for: 401 without a token, and the scopes of its challenge", async () => {
    const [withoutScopes, withAll] = await Promise.all([sign(""), sign(SCOPES.join(" "))]);
    await fc.assert(
      fc.asyncProperty(inputs, below, fc.array(fc.tuple(method, target), { minLength: 1, maxLength: 6 }), async (input, nested, calls) => {
        const access = compileAccess(await serve(input, nested), nested === null ? [] : [nested]);
        for (const [called, path] of calls) {
          const found: CallAccess = access(called, path);
          const anonymous = await ask(called, path, null);
          const what = `${called} ${path} ${JSON.stringify(found)}`;
          if (found.level === "refused") {
            // The other API asks for nothing: what reaches it has not reached this one.
            if (nested !== null && anonymous.status === 200 && backend.calls.at(-1)?.url.startsWith("/other")) continue;
            expect([400, 403, 404, 405], what).toContain(anonymous.status);
            expect(anonymous.challenge).toBe("");
            continue;
          }
          expect(anonymous.status, what).toBe(found.level === "anonymous" ? 200 : 401);
          // The token is for production: where there is none, having passed every check is told by the refusal that follows.
          const passed = input.endpoint === "production" ? 200 : 403;
          const poor = await ask(called, path, withoutScopes);
          // With all scopes that its steps require, a client gets a token that passes each of them.
          const asked = [...new Set(found.requirements.filter(asksToken).flatMap(({ scopes }) => scopes))].join(" ") || undefined;
          expect(poor.status, what).toBe(found.level === "scopes" ? 403 : passed);
          expect(/scope="([^"]*)"/.exec(poor.challenge)?.[1], what).toBe(asked);
          expect((await ask(called, path, withAll)).status, what).toBe(passed);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("names every step of every flow that runs, in order", () => {
    const oauth2 = (resource: string, requiredScopes: string[] = []) => ({ policy: "oauth2", config: { resource, requiredScopes } });
    const access = compileAccess(
      definition({
        endpoints: { production: { url: "http://localhost:9000" } },
        resources: ["one", "two"].map((name) => ({ name, type: "oauth2-builtin", config: {} })),
        flows: [
          { name: "All", request: [oauth2("one")] },
          { name: "Items", match: { path: "/items" }, request: [{ ...oauth2("two", ["read"]), name: "Check" }] },
        ],
      }),
    );
    expect(access("GET", "/items/1")).toEqual({
      level: "scopes",
      requirements: [
        { flow: "All", step: "OAuth2", resource: "one", scopes: [], scopeMode: "all" },
        { flow: "Items", step: "Check", resource: "two", scopes: ["read"], scopeMode: "all" },
      ],
    });
    expect(access("GET", "/Items/1").level).toBe("refused");
    expect(access("GET", "/other").level).toBe("token");
  });

  it("takes for a parameter what no literal equals, in any case", () => {
    expect(freshSegment([patternOf("/ANY0/:x"), patternOf("/any1")])).toBe("any2");
  });
});
