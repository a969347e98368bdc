import { describe, expect, it } from "vitest";
import type { CompiledStep } from "../compile/contract";
import type { TraceEntry } from "../exchange";
import { Caller } from "../http/caller";
import type { RequestHandler, ResponseHandler } from "../policies/contract";
import { Call } from "./call";
import { runRequestSteps, runResponseSteps } from "./steps";

const ran: string[] = [];

function call(): Call {
  ran.length = 0;
  const trace: TraceEntry[] = [];
  return new Call({ method: "GET", target: "/", rawHeaders: [], body: null, peerAddress: "192.0.2.1", caller: new Caller(), trace });
}

function step<Handler>(name: string, phase: "request" | "response", handler: Handler): CompiledStep<Handler> {
  return { apiId: "api_1", flow: "all", phase, policy: "test", name, scopes: [], handler };
}

const passes = (name: string) => step(name, "request", (() => void ran.push(name)) as RequestHandler);
const failures = {
  throws: () => {
    throw new Error("broken");
  },
  rejects: async () => {
    throw new Error("broken");
  },
  "rejects later": () => new Promise<undefined>((_, reject) => setImmediate(() => reject(new Error("broken")))),
};

describe.each(Object.entries(failures))("a step that %s", (_, broken) => {
  it("ends the request with 500, and no later step runs", async () => {
    const failing = call();
    const result = await runRequestSteps([passes("first"), step("broken", "request", broken), passes("last")], failing);
    expect(result).toMatchObject({ code: "GATEWAY_ERROR", reason: expect.stringContaining("broken") });
    expect(ran).toEqual(["first"]);
    expect(failing.trace?.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["first", "ran"],
      ["broken", "failed"],
      ["last", "skipped"],
    ]);
  });

  it("turns the response into a 500", async () => {
    const handler: ResponseHandler = broken;
    const result = await runResponseSteps([step("broken", "response", handler)], call(), { status: 200, headers: [] });
    expect(result).toMatchObject({ code: "GATEWAY_ERROR" });
  });
});

it.each([false, true])("a step that answers ends the request, waiting for it: %s", async (waits) => {
  const refusal = { code: "OAUTH2_MISSING_HEADER", reason: "none" } as const;
  const answers: RequestHandler = () => (waits ? Promise.resolve(refusal) : refusal);
  expect(await runRequestSteps([step("answers", "request", answers), passes("last")], call())).toBe(refusal);
  expect(ran).toEqual([]);
});
