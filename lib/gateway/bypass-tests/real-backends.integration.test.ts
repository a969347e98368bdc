import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADAPTERS } from "../testing/harness";
import { MARKER, type RealBackend, startExpress, startExpressThatRewrites, startFastify } from "./backends";
import { type HostileCall, hostileCalls, requestText } from "./calls";
import { type GuardedGateway, MIXED_GUARD, MIXED_LENIENT_GUARD, startGuarded } from "./guarded";
import { startNginx } from "./nginx";
import { RawClient } from "./raw-client";
import { type JudgingBackend, REAL_BACKENDS, startReal, VIOLATION } from "./real-backends";

/** For each gateway and backend; together more than 50,000. */
const CALLS = 2600;
/** Clients at once. */
const CLIENTS = 4;

const OTHERS: readonly [name: string, start: () => Promise<RealBackend>][] = [
  ["nginx", () => startNginx(process.env.NGINX_PATH)],
  ["Express", startExpress],
  ["Express that rewrites", startExpressThatRewrites],
  ["Fastify", startFastify],
];
const NAMES = [...REAL_BACKENDS, ...OTHERS.map(([name]) => name)];

const backends = new Map<string, RealBackend & Partial<JudgingBackend>>();
const backendCalled = (name: string) => {
  const found = backends.get(name);
  if (!found) throw new Error(`There is no backend called ${name}.`);
  return found;
};

beforeAll(async () => {
  const started = await Promise.allSettled([
    ...REAL_BACKENDS.map(async (name) => backends.set(name, await startReal(name, process.env))),
    ...OTHERS.map(async ([name, start]) => backends.set(name, await start())),
  ]);
  // Those that did start are closed below.
  for (const result of started) if (result.status === "rejected") throw result.reason;
});
afterAll(() => Promise.all([...backends.values()].map((backend) => backend.close())));

/** Sends calls from several clients, each one after the other, and answers those whose reply a test finds. */
async function sendAll(port: number, before: string, calls: readonly HostileCall[], isFound: (text: string, call: HostileCall) => boolean) {
  const found: { call: HostileCall; text: string }[] = [];
  let next = 0;
  const work = async () => {
    const client = new RawClient(port);
    for (let call = calls[next++]; call; call = calls[next++]) {
      const { text } = await client.send(requestText(call, before));
      if (isFound(text, call)) found.push({ call, text: text.slice(0, 2000) });
    }
    client.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, work));
  return found;
}

const hostile = fc.sample(hostileCalls, { numRuns: CALLS, seed: 20_261_130 });

describe.each(ADAPTERS)("through %s", (adapter) => {
  let guarded: GuardedGateway;
  const mountOf = (name: string, guard = MIXED_GUARD) => guarded.running.mount + guarded.contextPath(backendCalled(name), guard);

  beforeAll(async () => {
    guarded = await startGuarded([...backends.values()], [MIXED_GUARD, MIXED_LENIENT_GUARD], adapter);
  });
  afterAll(() => guarded?.close());

  it.each(NAMES)("a token opens what is protected on %s, and what is open needs none", async (name) => {
    const { client } = guarded;
    for (const [method, path] of [
      ["GET", "/private/x"],
      ["POST", "/writes"],
      ["GET", "/reads"],
      ["DELETE", "/removals"],
    ] as const) {
      const granted = await client.get(mountOf(name) + path, ["Authorization: Bearer good", "Content-Length: 0"], method);
      expect(granted.text, `${method} ${path}`).toMatch(/granted|marker-of/);
      expect((await client.get(mountOf(name) + path, ["Content-Length: 0"], method)).status).toBe(401);
    }
    expect((await client.get(`${mountOf(name)}/public/x`)).text).toContain("public");
  });

  it.each(NAMES)("no header, path, method or body makes %s do what its call may not", async (name) => {
    const backend = backendCalled(name);
    const judges = backend.violations !== undefined;
    const isBypass = (text: string, { hasToken }: HostileCall) =>
      text.includes(VIOLATION) || (!judges && !hasToken && text.includes(MARKER));
    const { port } = guarded.running.server;
    for (const [index, guard] of [MIXED_GUARD, MIXED_LENIENT_GUARD].entries()) {
      const calls = hostile.filter((_, at) => at % 2 === index);
      expect(await sendAll(port, mountOf(name, guard), calls, isBypass)).toEqual([]);
    }
    // Also what it ran without an answer for us, as it does with a request that was hidden in a body.
    expect(backend.violations?.() ?? []).toEqual([]);
  });
});

describe("without a gateway", () => {
  it.each(REAL_BACKENDS)("the same calls do make %s do it, so the test would see it", async (name) => {
    const backend = backendCalled(name);
    // Servers themselves refuse the wilder ones, and some wait for what doesn't come behind those: each has its own connection.
    const calls = hostile.filter(({ method, body, authority }) => method === "GET" && body === "" && authority === "").slice(0, 200);
    let found = 0;
    for (const call of calls) {
      const client = new RawClient(backend.port);
      const { text } = await client.send(requestText(call, ""));
      client.close();
      if (text.includes(VIOLATION)) found += 1;
    }
    expect(found / calls.length).toBeGreaterThan(0.1);
  });
});
