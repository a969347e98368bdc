import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fieldMeta } from "@/lib/definition/registry";
import { endpointSecurityDescriptor } from "./descriptor";
import { RESERVED_PARAMETERS } from "./parameters";
import { type EndpointSecurity, endpointSecuritySchema, endpointSecurityTypes } from "./schema";

const oauth2 = (overrides: object = {}) => ({
  type: "oauth2",
  tokenUrl: "https://idp.internal/oauth2/token",
  clientId: "gateway",
  ...overrides,
});
const problems = (security: object) =>
  endpointSecuritySchema.safeParse(security).error?.issues.map(({ path, message }) => ({ path: path.join("."), message })) ?? [];
const paths = (security: object) => problems(security).map(({ path }) => path);
const parsed = (security: object): EndpointSecurity => endpointSecuritySchema.parse(security);

describe("endpoint security", () => {
  it("fills in what is left out", () => {
    expect(parsed(oauth2())).toEqual({
      ...oauth2(),
      grantType: "clientCredentials",
      scope: "",
      parameters: [],
      clientAuthentication: "basic",
      basicEncoding: "form",
      skewSeconds: 30,
      timeoutMs: 10_000,
      useRefreshToken: true,
    });
    expect(parsed({ type: "none" })).toEqual({ type: "none" });
    expect(parsed(oauth2({ parameters: [{ name: "audience" }] }))).toMatchObject({ parameters: [{ name: "audience", secret: false }] });
  });

  it("takes the example of the definition as it stands", () => {
    const example = oauth2({
      grantType: "password",
      clientSecret: "s",
      clientAuthentication: "basic",
      username: "svc",
      password: "p",
      scope: "orders",
      parameters: [{ name: "audience", value: "orders", secret: false }],
    });
    expect(paths(example)).toEqual([]);
  });

  it.each([
    ["credentials", "https://u:p@idp.internal/token"],
    ["a fragment", "https://idp.internal/token#x"],
    ["another scheme", "ftp://idp.internal/token"],
    ["no scheme", "idp.internal/token"],
  ])("refuses a token URL with %s", (_, tokenUrl) => {
    expect(paths(oauth2({ tokenUrl }))).toEqual(["tokenUrl"]);
  });

  it("keeps a query in the token URL", () => {
    expect(paths(oauth2({ tokenUrl: "https://idp.internal/token?tenant=1" }))).toEqual([]);
  });

  it("says by path what is wrong with parameters", () => {
    expect(paths(oauth2({ parameters: [{ name: "a" }, { name: "b" }, { name: "a" }] }))).toEqual(["parameters.2.name"]);
    expect(paths(oauth2({ parameters: [{ name: "" }, { name: "a b" }] }))).toEqual(["parameters.0.name", "parameters.1.name"]);
    expect(paths(oauth2({ parameters: [{ name: "a", hidden: true }] }))).toEqual(["parameters.0"]);
    for (const name of [...RESERVED_PARAMETERS, "Client_Secret"])
      expect(problems(oauth2({ parameters: [{ name }] }))[0]).toMatchObject({
        path: "parameters.0.name",
        message: expect.stringContaining("sets this parameter"),
      });
  });

  it("refuses a mask wherever a secret is meant, and nowhere else", () => {
    for (const mask of ["****", "•••"]) {
      expect(paths(oauth2({ clientSecret: mask, password: mask, parameters: [{ name: "p", secret: true, value: mask }] }))).toEqual([
        "clientSecret",
        "password",
        "parameters.0.value",
      ]);
      expect(paths({ type: "basic", username: "u", password: mask })).toEqual(["password"]);
      expect(paths(oauth2({ parameters: [{ name: "p", value: mask }] }))).toEqual([]);
    }
  });

  it("needs a user name for the password grant only", () => {
    expect(paths(oauth2({ grantType: "password" }))).toEqual(["username"]);
    expect(paths(oauth2({ grantType: "password", username: "" }))).toEqual(["username"]);
    expect(paths(oauth2())).toEqual([]);
  });

  it("refuses a colon where one would split the credentials", () => {
    expect(paths({ type: "basic", username: "a:b" })).toEqual(["username"]);
    expect(paths({ type: "digest", username: "a:b" })).toEqual(["username"]);
    expect(paths(oauth2({ clientId: "a:b", basicEncoding: "raw" }))).toEqual(["clientId"]);
    expect(paths(oauth2({ clientId: "a:b", basicEncoding: "raw", clientAuthentication: "body" }))).toEqual([]);
    expect(paths(oauth2({ clientId: "a:b" }))).toEqual([]);
  });

  it("refuses text that has no UTF-8, because other characters would arrive", () => {
    const half = "a\ud800";
    expect(paths(oauth2({ clientSecret: half, password: half, parameters: [{ name: "p", value: half }] }))).toEqual(
      expect.arrayContaining(["clientSecret", "password", "parameters.0.value"]),
    );
  });

  it("refuses unknown types and keys, and scopes that are none", () => {
    expect(paths({ type: "apikey" })).toEqual(["type"]);
    expect(paths({ type: "none", username: "u" })).toEqual([""]);
    expect(paths(oauth2({ scope: "a  b" }))).toEqual(["scope"]);
    expect(paths(oauth2({ scope: 'a "b"' }))).toEqual(["scope"]);
  });

  it("says for each secret that it is one, and where it is sent", () => {
    const secrets = Object.entries(endpointSecurityTypes).flatMap(([type, schema]) =>
      Object.entries(schema.shape).flatMap(([field, of]) => {
        const { secret, sentTo } = fieldMeta(of);
        return secret ? [[type, field, sentTo]] : [];
      }),
    );
    expect(secrets).toEqual([
      ["basic", "password", ["url"]],
      ["digest", "password", ["url"]],
      ["oauth2", "clientSecret", ["tokenUrl", "url"]],
      ["oauth2", "password", ["tokenUrl", "url"]],
    ]);
    // The note of the form.
    expect(fieldMeta(endpointSecurityTypes.oauth2.shape.grantType).description).toContain("legacy backends only");
  });

  it("can be written as JSON Schema", () => {
    expect(JSON.stringify(z.toJSONSchema(endpointSecuritySchema, { io: "input" }))).toContain("tokenUrl");
  });
});

describe("the secrets of endpoint security", () => {
  it("have a slot each, that goes with a parameter's name and can be emptied", () => {
    const security = parsed(
      oauth2({
        grantType: "password",
        username: "svc",
        clientSecret: "s",
        password: "p",
        parameters: [
          { name: "audience", value: "orders" },
          { name: "key", value: "k", secret: true },
        ],
      }),
    );
    const slots = endpointSecurityDescriptor.secretSlots(security);
    expect(slots.map(({ slot, path, value, required, sentTo }) => [slot, path, value, required, sentTo])).toEqual([
      ["clientSecret", "clientSecret", "s", true, "https://idp.internal/oauth2/token"],
      ["password", "password", "p", true, "https://idp.internal/oauth2/token"],
      ["parameters/key", "parameters[1].value", "k", true, "https://idp.internal/oauth2/token"],
    ]);
    for (const slot of slots) slot.clear();
    expect(JSON.stringify(security)).not.toMatch(/"s"|"p"|"k"/);
    expect(security).toMatchObject({ parameters: [{ value: "orders" }, { name: "key", secret: true }] });
  });

  it("are a password for Basic and Digest, which only the backend gets, and none for none", () => {
    expect(endpointSecurityDescriptor.secretSlots(parsed({ type: "none" }))).toEqual([]);
    for (const type of ["basic", "digest"])
      expect(endpointSecurityDescriptor.secretSlots(parsed({ type, username: "u" }))).toMatchObject([
        { slot: "password", required: true, sentTo: null, value: undefined },
      ]);
    expect(endpointSecurityDescriptor.secretSlots(parsed(oauth2())).find(({ slot }) => slot === "password")).toMatchObject({
      required: false,
    });
  });
});

describe("endpoint security in words", () => {
  it.each([
    [{ type: "none" }, "No credentials"],
    [{ type: "basic", username: "svc" }, "Basic as svc"],
    [{ type: "digest", username: "svc" }, "Digest as svc"],
    [oauth2(), "OAuth2 client credentials from idp.internal"],
    [oauth2({ grantType: "password", username: "svc" }), "OAuth2 password of svc from idp.internal"],
  ])("says %j", (security, sentence) => {
    expect(endpointSecurityDescriptor.sentence(parsed(security))).toBe(sentence);
  });
});
