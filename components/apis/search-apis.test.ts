import { describe, expect, it } from "vitest";
import type { ApiView } from "@/lib/management/contract/apis";
import { searchApis } from "./search-apis";

const api = (name: string, contextPath: string, description = ""): ApiView => ({
  id: name,
  name,
  version: "1.0.0",
  description,
  contextPath,
  gatewayUrl: `http://localhost:3000/gateway${contextPath}`,
  activeDeployment: null,
  undeployedChanges: true,
  protection: null,
  draftProtection: "open",
  environments: ["production"],
  storedSecrets: [],
  draftProblems: [],
  deploymentProblems: [],
  etag: '"1"',
  createdAt: "2026-11-21T00:00:00Z",
  updatedAt: "2026-11-21T00:00:00Z",
  updatedBy: "Ann",
});

const apis = [api("Orders", "/orders", "Orders of the shop"), api("Invoices", "/billing/invoices")];
const names = (search: string) => searchApis(apis, search).map(({ name }) => name);

describe("searching APIs", () => {
  it("shows all of them for an empty search", () => {
    expect(names("  ")).toEqual(["Orders", "Invoices"]);
  });

  it("finds by name, context path and description, whatever the case", () => {
    expect(names("ORD")).toEqual(["Orders"]);
    expect(names("/billing")).toEqual(["Invoices"]);
    expect(names("shop")).toEqual(["Orders"]);
  });

  it("wants every word, wherever it stands", () => {
    expect(names("shop orders")).toEqual(["Orders"]);
    expect(names("shop invoices")).toEqual([]);
  });
});
