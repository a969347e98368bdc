import { afterEach, beforeEach, expect, test } from "vitest";
import { describeChanges } from "@/lib/definition/diff";
import { findLoosening } from "@/lib/gateway/access/access-loosening";
import { compareAccess, compareDefinitions } from "./compare-definitions";
import { parseDefinition, registry } from "./registry";

const definition = (flows: number, requiredScopes: string[]) =>
  parseDefinition({
    name: "Orders",
    contextPath: "/orders",
    endpoints: { production: { url: "http://localhost:9000" } },
    resources: [{ name: "ours", type: "oauth2-builtin", config: { server: "default" } }],
    flows: Array.from({ length: flows }, (_, index) => ({
      match: { path: `/items-${index}` },
      request: [{ policy: "oauth2", config: { resource: "ours", requiredScopes } }],
    })),
  });

let threads = 0;
const count = () => {
  threads += 1;
};
beforeEach(() => {
  threads = 0;
  process.on("worker", count);
});
afterEach(() => process.off("worker", count));

test.each([
  ["small definitions at once", 2, 0],
  ["large definitions in threads", 150, 2],
])("compares %s, with the same result", async (_what, flows, expected) => {
  const [before, after] = [definition(flows, ["read"]), definition(flows, [])];
  const [old, now] = [before, after].map((each) => ({ definition: each, secrets: {} }));
  if (!old || !now) throw new Error("There are two definitions.");
  expect(await compareDefinitions(old, now)).toEqual(describeChanges(old, now, registry));
  expect(await compareAccess(before, after, [])).toEqual(findLoosening(before, after, []));
  expect(threads).toBe(expected);
});
