import { describe, expect, it } from "vitest";
import type { PolicyContext } from "./contract";
import { policies } from "./index";
import { policyDescriptors } from "./schemas";

const context: PolicyContext = { contextPath: "/", tokenChecker: () => undefined, challenge: () => "Bearer", keyProblem: async () => null };
const example: Record<string, unknown> = { oauth2: { resource: "as" }, "transform-headers": {} };

describe("every policy", () => {
  it("is in both lists, in the same order", () => {
    expect(policies.map((policy) => policy.descriptor)).toEqual([...policyDescriptors]);
  });

  it.each(policies.map((policy) => [policy.descriptor.id, policy] as const))(
    "%s has a handler for exactly the phases that it says it has",
    (id, policy) => {
      const compiled = policy.compile(example[id], context);
      expect((["request", "response"] as const).filter((phase) => compiled[phase])).toEqual([...policy.descriptor.phases]);
      for (const handler of [compiled.request, compiled.response]) expect(handler?.name).not.toBe("");
    },
  );
});
