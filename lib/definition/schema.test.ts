import { expect, test } from "vitest";
import { problemsOf } from "./problems";
import { definitionJsonSchema, definitionSchema } from "./schema";
import { definitionFor, registry } from "./testing";

const base = { name: "Orders", contextPath: "/orders", endpoints: { production: { url: "http://localhost:9000" } } };
const problems = (changes: Record<string, unknown>) => {
  const result = definitionSchema(registry).safeParse({ ...base, ...changes }, { reportInput: true });
  return result.success ? [] : problemsOf(result.error);
};
const paths = (changes: Record<string, unknown>) => problems(changes).map((problem) => problem.path);
const step = (policy: string, config: unknown) => ({ flows: [{ request: [{ policy, config }] }] });

test("name, context path and one endpoint suffice", () => {
  expect(definitionFor()).toMatchObject({ gatewright: 1, version: "1.0.0", flowSelection: "all", flows: [], resources: [] });
});

test.each([
  "orders",
  "/orders/",
  "/a//b",
  "/a/../b",
  "/./a",
  "/a b",
  "/a%2fb",
  "/a;b",
  "/healthz",
  "/readyz",
  "/metrics",
  "/.well-known/x",
  "/Metrics",
  "/a.",
  "/ä",
  "/a?b",
  "/a#b",
  "\\a",
  "",
])("the context path %j is refused at contextPath", (contextPath) => {
  expect(paths({ contextPath })).toEqual(["contextPath"]);
});

test.each(["/orders", "/orders/v2", "/", "/a.b-c_d~e", "/Orders"])("the context path %j is accepted", (contextPath) => {
  expect(problems({ contextPath })).toEqual([]);
});

test.each([
  "localhost",
  "ftp://x",
  "http://user:pw@host/",
  "http://host/#top",
  "http://host/?q=1",
  "http://",
  "//host",
  "javascript:alert(1)",
])("the backend URL %j is refused where it stands", (url) => {
  expect(paths({ endpoints: { production: { url } } })).toEqual(["endpoints.production.url"]);
});

test("an unknown key is refused by its path", () => {
  expect(paths(step("transform-headers", { limit: 1 }))).toEqual(["flows[0].request[0].config.limit"]);
  expect(paths({ extra: 1 })).toEqual(["extra"]);
});

test("an unknown policy is refused by its path and the known ones are named", () => {
  expect(problems(step("rate-limit", {}))).toEqual([{ path: "flows[0].request[0].policy", message: expect.stringContaining("oauth2") }]);
});

test("a policy without a response handler is refused in the response phase", () => {
  expect(paths({ flows: [{ response: [{ policy: "oauth2", config: { resource: "x" } }] }] })).toEqual(["flows[0].response[0].policy"]);
});

test("an unknown resource is refused at the step that names it", () => {
  expect(problems(step("oauth2", { resource: "nowhere" }))).toEqual([
    { path: "flows[0].request[0].config.resource", message: expect.stringContaining("Unknown resource nowhere") },
  ]);
});

test("an unknown resource type is refused by its path", () => {
  expect(paths({ resources: [{ name: "a", type: "saml", config: {} }] })).toEqual(["resources[0].type"]);
});

test("two resources of one name are refused", () => {
  const resource = { name: "a", type: "oauth2-builtin", config: {} };
  expect(paths({ resources: [resource, resource] })).toEqual(["resources[1].name"]);
});

test.each(["****", "••••••••", "*"])("the mask %j is not taken for a secret", (clientSecret) => {
  const resources = [
    { name: "a", type: "oauth2-introspection", config: { introspectionEndpoint: "https://idp.example/i", clientId: "g", clientSecret } },
  ];
  expect(paths({ resources })).toEqual(["resources[0].config.clientSecret"]);
});

test("a header value cannot end the header", () => {
  expect(paths(step("transform-headers", { set: [{ name: "x-a", value: "1\r\nx-b: 2" }] }))).toEqual([
    "flows[0].request[0].config.set[0].value",
  ]);
});

test("credentials for every origin are refused", () => {
  expect(paths({ cors: { enabled: true, allowOrigins: ["*"], allowCredentials: true } })).toEqual(["cors.allowOrigins"]);
});

test.each([
  "null",
  "NULL",
  "file://",
  "file://host",
  "data://x",
  "wss://shop.example",
  "javascript://x",
  "https://shop.example/",
  "capacitor://localhost/",
  "capacitor://",
  "capacitor:localhost",
  "chrome-extension://*",
  "https://*.*.shop.example",
  "shop.example",
])("%s is no origin that can be allowed", (origin) => {
  expect(paths({ cors: { enabled: true, allowOrigins: [origin] } })).toEqual(["cors.allowOrigins[0]"]);
});

test("the origin null is refused with the reason", () => {
  expect(problems({ cors: { enabled: true, allowOrigins: ["null"] } })[0]?.message).toMatch(/sandboxed frame/);
});

test("a missing required field says so at its path", () => {
  expect(problems({ name: undefined })).toEqual([{ path: "name", message: "This is required." }]);
});

test("what is wrong in several places is reported in all of them", () => {
  expect(paths({ contextPath: "x", endpoints: { production: { url: "y" } } })).toEqual(["contextPath", "endpoints.production.url"]);
});

test("the JSON Schema names every policy and resource type", () => {
  const text = JSON.stringify(definitionJsonSchema(registry));
  for (const policy of registry.policies) expect(text).toContain(`"const":"${policy.id}"`);
  for (const resource of registry.resources) expect(text).toContain(`"const":"${resource.type}"`);
});
