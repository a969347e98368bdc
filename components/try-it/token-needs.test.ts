import { describe, expect, it } from "vitest";
import type { Definition } from "@/lib/definition/schema";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { sortApplications, suggestedScopes, tokenNeedsOf } from "./token-needs";

const step = (resource: string, requiredScopes: string[], enabled = true) => ({
  policy: "oauth2",
  enabled,
  config: { resource, requiredScopes },
});
const flow = (request: ReturnType<typeof step>[], enabled = true) => ({
  name: "",
  enabled,
  match: { path: "/", operator: "startsWith" as const, methods: [] },
  request,
  response: [],
});

const definition: Definition = {
  gatewright: 1,
  name: "Echo",
  version: "1.0.0",
  description: "",
  contextPath: "/echo",
  endpoints: {},
  resources: [
    { name: "ours", type: "oauth2-builtin", config: { server: "orders" } },
    { name: "theirs", type: "oauth2-introspection", config: {} },
    { name: "unused", type: "oauth2-builtin", config: { server: "default" } },
  ],
  cors: {
    enabled: false,
    allowOrigins: [],
    allowMethods: [],
    allowHeaders: [],
    exposeHeaders: [],
    maxAgeSeconds: 0,
    allowCredentials: false,
  },
  paths: { allowSemicolon: false, allowEncodedSlash: false },
  flowSelection: "all",
  flows: [
    flow([step("ours", ["orders:read"]), step("theirs", [])]),
    flow([step("ours", ["orders:write", "orders:read"])]),
    flow([step("ours", ["off"], false)]),
    flow([step("ours", ["off"])], false),
  ],
};

const application = (id: string, authorizationServer: string, enabled = true) => ({ id, authorizationServer, enabled }) as ApplicationView;

describe("what the deployed flows ask of tokens", () => {
  it("comes from enabled steps of enabled flows only", () => {
    expect(tokenNeedsOf(definition)).toEqual({ servers: ["orders"], foreign: ["theirs"], scopes: ["orders:read", "orders:write"] });
  });

  it("puts the applications first whose tokens are accepted, and leaves out those that get none", () => {
    const { fitting, other } = sortApplications(
      [application("a", "default"), application("b", "orders"), application("c", "orders", false)],
      tokenNeedsOf(definition),
    );
    expect(fitting.map(({ id }) => id)).toEqual(["b"]);
    expect(other.map(({ id }) => id)).toEqual(["a"]);
  });

  it("suggests required scopes, but none that would be denied", () => {
    expect(suggestedScopes(["orders:read", "other"], tokenNeedsOf(definition))).toEqual(["orders:read"]);
  });
});
