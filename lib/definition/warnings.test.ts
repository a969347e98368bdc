import { expect, test } from "vitest";
import { definitionFor } from "./testing";
import { definitionWarnings } from "./warnings";

const resources = [{ name: "as", type: "oauth2-builtin", config: {} }];
const guard = { policy: "oauth2", config: { resource: "as" } };
const flow = (methods: string[], more: Record<string, unknown> = {}) => ({
  name: "Reading",
  match: { path: "/items", methods },
  request: [guard],
  ...more,
});
const warnings = (flows: unknown[]) => definitionWarnings(definitionFor({ resources, flows }));

test("a flow that guards GET and not HEAD is warned of, by its name", () => {
  expect(warnings([flow(["GET"])])).toEqual([expect.stringContaining("The flow Reading asks for a token for GET and not for HEAD")]);
});

test.each([
  ["HEAD is listed too", [flow(["GET", "HEAD"])]],
  ["every method is meant", [flow([])]],
  ["the flow is off", [flow(["GET"], { enabled: false })]],
  ["the flow asks for no token", [flow(["GET"], { request: [] })]],
  ["another flow guards everything", [flow(["GET"]), { request: [guard] }]],
])("there is no warning when %s", (_reason, flows) => {
  expect(warnings(flows)).toEqual([]);
});
