import { expect, test } from "vitest";
import { testAuthority } from "@/lib/gateway/resources/testing/certificates";
import { mergeSecrets } from "./secrets";
import { definitionFor, registry } from "./testing";

const idp = (config: Record<string, unknown> = {}, name = "idp") => ({
  resources: [
    {
      name,
      type: "oauth2-introspection",
      config: { introspectionEndpoint: "https://idp.example/introspect", clientId: "gateway", ...config },
    },
  ],
});
const stored = { definition: definitionFor(idp()), references: { "resources/idp/clientSecret": "sec_1" } };
const merge = (resources: Record<string, unknown>) => mergeSecrets(definitionFor(resources), stored, registry);

test("an absent secret keeps what is stored", () => {
  expect(merge(idp())).toMatchObject({ kept: { "resources/idp/clientSecret": "sec_1" }, problems: [] });
});

test("a blank secret keeps what is stored", () => {
  expect(merge(idp({ clientSecret: "" }))).toMatchObject({ kept: { "resources/idp/clientSecret": "sec_1" }, problems: [] });
});

test("another path at the same origin keeps the secret", () => {
  expect(merge(idp({ introspectionEndpoint: "https://idp.example/other" })).problems).toEqual([]);
});

test.each([
  "https://evil.example/introspect",
  "http://idp.example/introspect",
  "https://idp.example:8443/introspect",
  "https://idp.example.evil.example/introspect",
])("an endpoint moved to %s asks for the secret again", (introspectionEndpoint) => {
  const result = merge(idp({ introspectionEndpoint }));
  expect(result.kept).toEqual({});
  expect(result.problems).toEqual([{ path: "resources[0].config.clientSecret", message: expect.stringContaining("enter it again") }]);
});

test("a moved endpoint is fine when the secret is typed again", () => {
  const result = merge(idp({ introspectionEndpoint: "https://new.example/introspect", clientSecret: "again" }));
  expect(result.problems).toEqual([]);
  expect([...result.fresh]).toEqual([["resources/idp/clientSecret", "again"]]);
});

test("another CA, none instead of one, and one instead of none ask for the secret again", () => {
  const [one, other] = ["one", "other"].map((name) => testAuthority(name).cert);
  const storedWith = (caCertificates?: string) => ({ ...stored, definition: definitionFor(idp(caCertificates ? { caCertificates } : {})) });
  const merged = (before?: string, after?: string, more = {}) =>
    mergeSecrets(definitionFor(idp({ ...(after ? { caCertificates: after } : {}), ...more })), storedWith(before), registry);
  for (const [before, after] of [
    [one, other],
    [one, undefined],
    [undefined, one],
    [one, `${one}\n${other}`],
  ]) {
    const { problems, kept } = merged(before, after);
    expect(problems).toEqual([{ path: "resources[0].config.clientSecret", message: expect.stringContaining("CA certificates") }]);
    expect(kept).toEqual({});
    expect(merged(before, after, { clientSecret: "typed" }).problems).toEqual([]);
  }
  expect(merged(one, one?.replaceAll("\n", "\r\n")).problems).toEqual([]);
});

test.each([
  ["digest", "basic"],
  ["basic", "digest"],
])("a password that was sent as %s is not sent as %s unless it is typed again", (before, after) => {
  const endpoint = (type: string, more = {}) =>
    definitionFor({ endpoints: { production: { url: "https://orders.example", security: { type, username: "gateway", ...more } } } });
  const key = "endpoints/production/password";
  const held = { definition: endpoint(before), references: { [key]: "sec_1" } };
  expect(mergeSecrets(endpoint(before), held, registry)).toMatchObject({ kept: { [key]: "sec_1" }, problems: [] });
  const { kept, problems } = mergeSecrets(endpoint(after), held, registry);
  expect(kept).toEqual({});
  expect(problems).toEqual([{ path: "endpoints.production.security.password", message: expect.stringContaining("enter it again") }]);
  expect(mergeSecrets(endpoint(after, { password: "typed" }), held, registry).problems).toEqual([]);
});

test("a renamed resource keeps its secret under the new name", () => {
  expect(merge(idp({}, "company"))).toMatchObject({ kept: { "resources/company/clientSecret": "sec_1" }, problems: [] });
});

test("renaming together with moving the endpoint does not carry the secret over", () => {
  expect(merge(idp({ introspectionEndpoint: "https://evil.example/i" }, "company")).problems).toHaveLength(1);
});

test("a second resource does not inherit the secret of the first", () => {
  const both = definitionFor({ resources: [...idp().resources, ...idp({}, "second").resources] });
  expect(mergeSecrets(both, stored, registry).problems).toEqual([
    { path: "resources[1].config.clientSecret", message: "Client secret is required." },
  ]);
});

test("no secret stays in the definition that is stored", () => {
  expect(JSON.stringify(merge(idp({ clientSecret: "very-secret" })).definition)).not.toContain("very-secret");
});
