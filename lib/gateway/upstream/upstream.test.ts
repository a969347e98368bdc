import type { buildConnector } from "undici";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "@/lib/definition/schema";
import type { Forwarding } from "../http/forwarding";
import { createConnections } from "./connections";
import type { ConnectorOptions } from "./outbound";
import { compileUpstream } from "./upstream";

const forwarding: Forwarding = {
  proto: "http",
  host: "api.example",
  publicPath: "",
  cut: "/orders",
  publicCut: "/orders",
  trusts: () => false,
  last: { peer: "", host: "", proto: "", text: "" },
};

/** The connect timeouts with which an endpoint's connections are opened, for requests and for WebSocket. */
function connectTimeouts(limits: Pick<Endpoint, "timeoutMs" | "connectTimeoutMs">): number[] {
  const timeouts: number[] = [];
  const connector = ({ timeout }: ConnectorOptions): buildConnector.connector => {
    timeouts.push(timeout);
    return (_options, callback) => callback(new Error("not in this test"), null);
  };
  const endpoint: Endpoint = { url: "http://orders.internal", security: { type: "none" }, ...limits };
  const patience = { idleTimeoutMs: 30_000, minRate: 500 };
  compileUpstream(endpoint, createConnections({ connector }), forwarding, patience, null, {}).release();
  return timeouts;
}

describe("the connect timeout of an endpoint", () => {
  it("is the configured one, also above the default", () => {
    expect(connectTimeouts({ timeoutMs: 60_000, connectTimeoutMs: 25_000 })).toEqual([25_000, 25_000]);
    expect(connectTimeouts({ timeoutMs: 60_000, connectTimeoutMs: 200 })).toEqual([200, 200]);
  });

  it("is 10 seconds by default, or the endpoint's timeout if that is less", () => {
    expect(connectTimeouts({ timeoutMs: 30_000 })).toEqual([10_000, 10_000]);
    expect(connectTimeouts({ timeoutMs: 500 })).toEqual([500, 500]);
  });
});
