import { Readable } from "node:stream";
import { expect, it } from "vitest";
import type { CompiledApi } from "../compile/contract";
import { compileAddressMap } from "../http/address-map";
import { Caller } from "../http/caller";
import { parseTarget } from "../http/target";
import type { ResponseHandler } from "../policies/contract";
import { Call } from "./call";
import { type Outcome, runCall } from "./pipeline";

const BACKEND = "http://backend.test";

/** An API whose backend responds at once, and whose response runs one step. */
function apiWith(handler: ResponseHandler, body: Readable): CompiledApi {
  const upstream: Partial<NonNullable<CompiledApi["upstreams"]["production"]>> = {
    addresses: compileAddressMap(BACKEND),
    send: (_call, listener) =>
      // Only what ends it is looked at.
      listener.onResponse({ status: 200, rawHeaders: [], body } as unknown as Parameters<typeof listener.onResponse>[0]),
  };
  const step = { apiId: "api_1", flow: "all", phase: "response", policy: "test", name: "late", scopes: [], handler } as const;
  return {
    match: () => [0],
    flows: [{ label: "all", request: [], response: [step] }],
    otherNames: null,
    backendRules: { exposed: new Set() },
    upstreams: { production: upstream },
  } as unknown as CompiledApi;
}

/** Runs one call; whoever is handed its first outcome fails. */
function outcomesOf(handler: ResponseHandler, body: Readable): Promise<Outcome[]> {
  const target = parseTarget("/");
  if (typeof target === "string") throw new Error(target);
  const call = new Call({ method: "GET", target: "/", rawHeaders: [], body: null, peerAddress: "192.0.2.1", caller: new Caller() });
  const outcomes: Outcome[] = [];
  return new Promise((resolve) => {
    runCall(apiWith(handler, body), call, target, { rest: "", depth: 0 }, (outcome) => {
      outcomes.push(outcome);
      if (outcomes.length === 1) throw new Error("broken");
      resolve(outcomes);
    });
  });
}

it.each<[string, ResponseHandler]>([
  ["at once", () => undefined],
  ["later", async () => undefined],
])("what fails after a response step that ends %s becomes an outcome, and the backend's body is given up", async (_when, handler) => {
  const body = Readable.from(["body"]);
  const [, second] = await outcomesOf(handler, body);
  expect(second).toMatchObject({ code: "GATEWAY_ERROR", reason: expect.stringContaining("broken") });
  expect(body.destroyed).toBe(true);
});
