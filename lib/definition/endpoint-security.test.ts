import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { testAuthority } from "@/lib/gateway/resources/testing/certificates";
import { describeChanges } from "./diff";
import { readDocument, writeDocument } from "./document";
import { definitionHash } from "./hash";
import { problemsOf } from "./problems";
import { definitionJsonSchema, definitionSchema } from "./schema";
import { mergeSecrets, secretSlots } from "./secrets";
import { definitionFor, definitions, registry } from "./testing";

const oauth2 = <More extends object>(more = {} as More) => ({
  type: "oauth2",
  tokenUrl: "https://idp.example/token",
  clientId: "gateway",
  ...more,
});
const basic = { type: "basic", username: "svc" };
const production = (security?: object, more: object = {}) => ({
  production: { url: "https://orders.example/v2", ...(security === undefined ? {} : { security }), ...more },
});
const of = (endpoints: object) => definitionFor({ endpoints });
const CLIENT_SECRET = "endpoints/production/clientSecret";
const KEY = "endpoints/production/parameters/key";

describe("the definition", () => {
  it("has the same hash whether endpoint security is absent or none", () => {
    expect(definitionHash(of(production()), {})).toBe(definitionHash(of(production({ type: "none" })), {}));
    // What was deployed before endpoint security existed stays deployed.
    expect(definitionHash(definitionFor(), {})).toBe("3865c3dab5437d9395a1d6b3b2f283730dc7bd2c3395b9378d26031f6f3d5245");
  });

  it.each([
    ["an unknown type", { type: "kerberos" }, "endpoints.production.security.type"],
    ["no type", {}, "endpoints.production.security.type"],
    ["an unknown key", { ...basic, realm: "x" }, "endpoints.production.security.realm"],
    ["a field of another type", { type: "none", username: "svc" }, "endpoints.production.security.username"],
    ["a mask for a secret", oauth2({ clientSecret: "••••••" }), "endpoints.production.security.clientSecret"],
    ["a token URL with credentials", oauth2({ tokenUrl: "https://a:b@idp.example/" }), "endpoints.production.security.tokenUrl"],
    ["a token URL with a fragment", oauth2({ tokenUrl: "https://idp.example/#x" }), "endpoints.production.security.tokenUrl"],
    ["a parameter without a name", oauth2({ parameters: [{ name: "" }] }), "endpoints.production.security.parameters[0].name"],
    ["a parameter twice", oauth2({ parameters: [{ name: "a" }, { name: "a" }] }), "endpoints.production.security.parameters[1].name"],
  ])("refuses %s where it stands", (_, security, path) => {
    const result = definitionSchema(registry).safeParse({ name: "Orders", contextPath: "/orders", endpoints: production(security) });
    expect(result.success ? [] : problemsOf(result.error).map((problem) => problem.path)).toEqual([path]);
  });

  it("has every type in its JSON Schema, and no secret is required there", () => {
    const text = JSON.stringify(definitionJsonSchema(registry));
    for (const type of ["none", "basic", "digest", "oauth2"]) expect(text).toContain(`"const":"${type}"`);
    expect(text).not.toMatch(/"required":\[[^\]]*"(?:clientSecret|password)"/);
  });

  it("comes back as it went out, without any secret, whatever is in it", () => {
    fc.assert(
      fc.property(
        definitions,
        fc.constantFrom("json", "yaml"),
        fc.string({ minLength: 12, unit: "binary" }),
        (definition, format, noise) => {
          const secret = `~${noise}~`;
          for (const slot of secretSlots(definition, registry)) expect(slot.value).toBeUndefined();
          const typed = structuredClone(definition);
          for (const name of ["production", "sandbox"] as const) {
            const security = typed.endpoints[name]?.security;
            if (!security || security.type === "none") continue;
            security.password = secret;
            if (security.type !== "oauth2") continue;
            security.clientSecret = secret;
            for (const parameter of security.parameters as { secret: boolean; value?: string }[])
              if (parameter.secret) parameter.value = secret;
          }
          const merge = mergeSecrets(typed, null, registry);
          expect(merge.definition).toEqual(definition);
          expect([...merge.fresh.values()].every((value) => value === secret)).toBe(true);
          const read = readDocument(writeDocument(merge.definition, format));
          expect(read.ok && definitionSchema(registry).parse(read.value)).toEqual(definition);
          expect(JSON.stringify(merge.definition)).not.toContain(JSON.stringify(secret).slice(1, -1));
          // Sent back as it was read, everything that was stored is kept.
          const references = Object.fromEntries([...merge.fresh.keys()].map((key) => [key, `sec of ${key}`]));
          const again = mergeSecrets(definition, { definition, references }, registry);
          expect(again.kept).toEqual(references);
          expect(again.problems.filter(({ path }) => path.startsWith("endpoints"))).toEqual([]);
        },
      ),
    );
  });
});

describe("a blank secret of an endpoint", () => {
  const security = oauth2({
    grantType: "password",
    username: "svc",
    parameters: [
      { name: "key", secret: true },
      { name: "audience", value: "a" },
    ],
  });
  const references = { [CLIENT_SECRET]: "sec_1", "endpoints/production/password": "sec_2", [KEY]: "sec_3" };
  const stored = { definition: of(production(security)), references };
  const merge = (endpoints: object) => mergeSecrets(of(endpoints), stored, registry);
  const paths = (endpoints: object) => merge(endpoints).problems.map(({ path }) => path.replace("endpoints.production.security.", ""));

  it("keeps what is stored, also at another path of the same origins and in another order", () => {
    for (const changed of [
      production(security),
      production({ ...security, clientSecret: "", password: "" }),
      production({ ...security, tokenUrl: "https://idp.example/v2/token" }, { url: "https://orders.example/v3" }),
      production({ ...security, parameters: [...security.parameters].reverse() }),
    ])
      expect(merge(changed)).toMatchObject({ kept: references, problems: [] });
  });

  it.each([
    ["the token URL", production({ ...security, tokenUrl: "https://evil.example/token" })],
    ["the token URL's port", production({ ...security, tokenUrl: "https://idp.example:8443/token" })],
    ["the token URL's scheme", production({ ...security, tokenUrl: "http://idp.example/token" })],
    ["the backend, which gets the token", production(security, { url: "https://evil.example/v2" })],
  ])("is asked for again when %s moves", (_, moved) => {
    expect(paths(moved)).toEqual(["clientSecret", "password", "parameters[0].value"]);
    expect(merge(moved).kept).toEqual({});
    expect(merge(moved).problems[0]?.message).toContain("enter it again");
  });

  it("does not go over to another type that sends it elsewhere", () => {
    expect(paths(production(basic))).toEqual(["password"]);
    const former = { definition: of(production(basic)), references: { "endpoints/production/password": "sec_1" } };
    const next = of(production(oauth2({ grantType: "password", username: "svc", clientSecret: "typed" })));
    expect(mergeSecrets(next, former, registry).problems.map(({ path }) => path)).toEqual(["endpoints.production.security.password"]);
  });

  it.each([
    ["basic", "digest"],
    ["digest", "basic"],
  ])("does not go over from %s, whose form is another, to %s at the same address", (before, after) => {
    const former = { definition: of(production({ ...basic, type: before })), references: { "endpoints/production/password": "sec_1" } };
    const merged = mergeSecrets(of(production({ ...basic, type: after })), former, registry);
    expect(merged.kept).toEqual({});
    expect(merged.problems).toEqual([
      { path: "endpoints.production.security.password", message: expect.stringContaining("the authentication type changed") },
    ]);
  });

  it("is asked for again when another CA says who receives it, at the token endpoint or at the backend", () => {
    const [ca, other] = ["one", "other"].map((name) => testAuthority(name).cert);
    expect(paths(production({ ...security, caCertificates: ca }))).toEqual(["clientSecret", "password", "parameters[0].value"]);
    expect(paths(production(security, { tls: { ca } }))).toEqual(["clientSecret", "password", "parameters[0].value"]);
    const former = { definition: of(production(basic, { tls: { ca } })), references: { "endpoints/production/password": "sec_1" } };
    const problems = (tls?: object) => mergeSecrets(of(production(basic, tls && { tls })), former, registry).problems.length;
    expect([problems({ ca }), problems({ ca: other }), problems()]).toEqual([0, 1, 1]);
  });

  it("does not go over to a renamed parameter, nor to the other endpoint", () => {
    expect(paths(production({ ...security, parameters: [{ name: "other", secret: true }] }))).toEqual(["parameters[0].value"]);
    const both = { ...production(security), sandbox: production(security).production };
    expect(merge(both).problems.map(({ path }) => path)).toEqual([
      "endpoints.sandbox.security.clientSecret",
      "endpoints.sandbox.security.password",
      "endpoints.sandbox.security.parameters[0].value",
    ]);
  });

  it("is forgotten when its parameter goes, and is a new one when it comes back", () => {
    const without = merge(production({ ...security, parameters: [] }));
    expect(without.kept[KEY]).toBeUndefined();
    const back = mergeSecrets(stored.definition, { definition: without.definition, references: without.kept }, registry);
    expect(back.problems.map(({ path }) => path)).toEqual(["endpoints.production.security.parameters[0].value"]);
  });
});

describe("the diff in words", () => {
  const sentences = (before: object, after: object, secrets: [Record<string, string>, Record<string, string>] = [{}, {}]) =>
    describeChanges({ definition: of(before), secrets: secrets[0] }, { definition: of(after), secrets: secrets[1] }, registry).map(
      (change) => change.sentence,
    );

  test("says another type as one change", () => {
    expect(sentences(production(), production(oauth2()), [{}, { [CLIENT_SECRET]: "sec_1" }])).toEqual([
      "Production endpoint, security: No credentials → OAuth2 client credentials from idp.example",
    ]);
  });

  test("names token URL, client, scope and lifetime by their titles", () => {
    const now = oauth2({ tokenUrl: "https://other.example/token", clientId: "gw", scope: "orders", skewSeconds: 5 });
    expect(sentences(production(oauth2()), production(now))).toEqual([
      "Production endpoint, token URL: https://idp.example/token → https://other.example/token",
      "Production endpoint, client ID: gateway → gw",
      "Production endpoint, scope: nothing → orders",
      "Production endpoint, renew before expiry (seconds): 30 → 5",
    ]);
  });

  test("names parameters, and secrets by their name only", () => {
    const before = oauth2({
      parameters: [
        { name: "audience", value: "a" },
        { name: "old", value: "1" },
        { name: "key", secret: true },
      ],
    });
    const after = oauth2({
      parameters: [
        { name: "key", secret: true },
        { name: "audience", value: "b" },
        { name: "new", secret: true },
      ],
    });
    const secrets: [Record<string, string>, Record<string, string>] = [
      { [CLIENT_SECRET]: "sec_1", [KEY]: "sec_2" },
      { [CLIENT_SECRET]: "sec_3", [KEY]: "sec_4", "endpoints/production/parameters/new": "sec_5" },
    ];
    expect(sentences(production(before), production(after), secrets)).toEqual([
      "Production endpoint, parameter old removed",
      "Production endpoint, parameter audience: a → b",
      "Production endpoint, parameter new added: a secret",
      "Production endpoint, parameters: sent in another order",
      "The client secret of the production endpoint changed",
      "The value of key of the production endpoint changed",
    ]);
  });
});
