import fc from "fast-check";
import { expect, test } from "vitest";
import { describeChanges } from "./diff";
import { definitionHash } from "./hash";
import { definitionFor, definitions, registry } from "./testing";

const snapshot = (definition: ReturnType<typeof definitionFor>, secrets: Record<string, string> = {}) => ({ definition, secrets });
const sentences = (before: Record<string, unknown>, after: Record<string, unknown>) =>
  describeChanges(snapshot(definitionFor(before)), snapshot(definitionFor(after)), registry).map((change) => change.sentence);

const resources = [{ name: "as", type: "oauth2-builtin", config: {} }];
const flow = (request: unknown[], more: Record<string, unknown> = {}) => ({ name: "Everything", request, ...more });
const oauth2 = (requiredScopes: string[] = [], more: Record<string, unknown> = {}) => ({
  policy: "oauth2",
  config: { resource: "as", requiredScopes },
  ...more,
});
const headers = { policy: "transform-headers", config: { remove: ["server"] } };

test("there are changes in words exactly when the hashes differ", () => {
  fc.assert(
    fc.property(definitions, definitions, (before, after) => {
      const changes = describeChanges(snapshot(before), snapshot(after), registry);
      expect(changes.length > 0).toBe(definitionHash(before, {}) !== definitionHash(after, {}));
    }),
    { numRuns: 400 },
  );
});

test("a definition does not differ from itself after a round trip through JSON", () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      expect(describeChanges(snapshot(definition), snapshot(JSON.parse(JSON.stringify(definition))), registry)).toEqual([]);
    }),
  );
});

test("added scopes are named with what was there before", () => {
  expect(sentences({ resources, flows: [flow([oauth2()])] }, { resources, flows: [flow([oauth2(["orders:read"])])] })).toEqual([
    "Everything, request, OAuth2, required scopes: none → orders:read",
  ]);
});

test("a step that is added says what it does", () => {
  expect(sentences({ resources, flows: [flow([])] }, { resources, flows: [flow([oauth2(["a"])])] })).toEqual([
    "Everything, request: OAuth2 added (Require a token from as with a)",
  ]);
});

test("a step that was moved is one move, not a removal and an addition", () => {
  expect(sentences({ resources, flows: [flow([oauth2(), headers])] }, { resources, flows: [flow([headers, oauth2()])] })).toHaveLength(1);
});

test("switching a step off is said as such", () => {
  expect(sentences({ resources, flows: [flow([oauth2()])] }, { resources, flows: [flow([oauth2([], { enabled: false })])] })).toEqual([
    "Everything, request, OAuth2: disabled",
  ]);
});

test("a new version of a secret is a change, and its value is nowhere in it", () => {
  const definition = definitionFor({
    resources: [{ name: "idp", type: "oauth2-introspection", config: { introspectionEndpoint: "https://idp.example/i", clientId: "g" } }],
  });
  const key = "resources/idp/clientSecret";
  const changes = describeChanges(snapshot(definition, { [key]: "sec_1" }), snapshot(definition, { [key]: "sec_2" }), registry);
  expect(changes).toEqual([
    { kind: "changed", path: "resources[0].config.clientSecret", sentence: "Resource idp, client secret: replaced" },
  ]);
});

test("the order of methods in a match means nothing", () => {
  const match = (methods: string[]) => ({ flows: [flow([], { match: { methods } })] });
  expect(sentences(match(["POST", "GET"]), match(["GET", "POST"]))).toEqual([]);
});

test("allowed header names are named, and allowing none is no change", () => {
  expect(sentences({}, { headers: { allowOtherNames: ["X_Api_Key"] } })).toEqual(["Headers, other names: none → X_Api_Key"]);
  expect(sentences({}, { headers: {} })).toEqual([]);
  expect(definitionHash(definitionFor({ headers: { allowOtherNames: [] } }), {})).toBe(definitionHash(definitionFor({}), {}));
});
