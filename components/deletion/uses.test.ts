import { describe, expect, it } from "vitest";
import { ApiProblem } from "@/components/data/client";
import { usesIn } from "./uses";

const refusal = (status: number, path: string) => new ApiProblem(status, "In use.", [{ path, message: "In use by the thing Web shop." }]);

describe("what stands in the way of a deletion", () => {
  it.each([
    ["applications/app_1", "/applications/app_1"],
    ["apis/api_1", "/apis/api_1"],
    ["authorization-servers/default/policies/pol_1/rules/rule_1", "/authorization-servers/default/policies"],
    ["authorization-servers/default/claims/claim_1", "/authorization-servers/default/claims"],
    ["authorization-servers/default", "/authorization-servers/default"],
  ])("leads from %s to its page", (path, href) => {
    expect(usesIn(refusal(409, path))).toEqual([{ href, name: "the thing Web shop" }]);
  });

  it("is named without a link when it has no page", () => {
    expect(usesIn(refusal(409, "elsewhere/1"))).toEqual([{ href: null, name: "the thing Web shop" }]);
    expect(usesIn(refusal(409, ""))).toEqual([{ href: null, name: "the thing Web shop" }]);
  });

  it("is nothing for other failures", () => {
    expect(usesIn(refusal(400, "applications/app_1"))).toEqual([]);
    expect(usesIn(new Error("no"))).toEqual([]);
  });
});
