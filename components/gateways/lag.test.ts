import { describe, expect, it } from "vitest";
import { lagsOf } from "./lag";

const api = (id: string, number: number | null) => ({ id, name: `Name of ${id}`, activeDeployment: number === null ? null : { number } });
const gateway = (deployments: { apiId: string; number: number }[], status: "serving" | "away" | "draining" | "starting" = "serving") => ({
  status,
  deployments,
});

describe("what a gateway does not run as it is deployed", () => {
  it("is nothing while it runs what is active", () => {
    expect(lagsOf(gateway([{ apiId: "a", number: 3 }]), [api("a", 3), api("b", null)])).toEqual([]);
  });

  it("names what is behind, missing, undeployed and deleted", () => {
    const running = [
      { apiId: "a", number: 2 },
      { apiId: "c", number: 1 },
      { apiId: "d", number: 9 },
    ];
    expect(lagsOf(gateway(running), [api("a", 3), api("b", 4), api("c", null)]).map(({ sentence }) => sentence)).toEqual([
      "Name of a: 2 instead of 3",
      "Name of b: none instead of 4",
      "Name of c: 1, which was undeployed",
      "Deleted API: deployment 9",
    ]);
  });

  it("does not count a deployment of this very moment, nor gateways that are away or about to end", () => {
    expect(lagsOf(gateway([{ apiId: "a", number: 4 }]), [api("a", 3)])).toEqual([]);
    expect(lagsOf(gateway([], "away"), [api("a", 3)])).toEqual([]);
    expect(lagsOf(gateway([], "draining"), [api("a", 3)])).toEqual([]);
  });
});
