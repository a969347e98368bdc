import { readFileSync } from "node:fs";
import { opaqueToken, SCOPE } from "../lib/foreign-server.mjs";
import { startConsole, startDataPlane } from "../lib/gatewright.mjs";
import { inParallel } from "../lib/in-parallel.mjs";
import { CONNECTIONS, cleanLoad, loadTool } from "../lib/load.mjs";
import { median, ratioOf, round, takeTurns } from "../lib/statistics.mjs";
import { bearer, requireProtection } from "./peers.mjs";

const FLOWS = 10;
/** The management API shares the machine with its database: more at a time would only wait. */
const DEPLOYS_AT_A_TIME = 4;
const RATIO_GOAL = 0.95;
const MEMORY_GOAL_MB = 200;

/** 10 flows of 3 steps each: a token with a scope, a request header, a response header. */
const flows = Array.from({ length: FLOWS }, (_, index) => ({
  name: `Section ${index}`,
  match: { path: `/section-${index}`, operator: "startsWith", methods: ["GET"] },
  request: [
    { policy: "oauth2", config: { resource: "server", requiredScopes: [SCOPE] } },
    { policy: "transform-headers", config: { set: [{ name: "x-section", value: String(index) }] } },
  ],
  response: [{ policy: "transform-headers", config: { set: [{ name: "x-served", value: String(index) }], remove: ["server"] } }],
}));

const contextPathOf = (index) => `/api-${String(index).padStart(4, "0")}`;
const pathOf = (index) => `${contextPathOf(index)}/section-${index % FLOWS}/items/42`;

/** A console and a data plane of their own, with so many APIs deployed. */
async function startWith(count, { backend, say }, server) {
  const console = await startConsole();
  let done = 0;
  await inParallel(Array.from({ length: count }), DEPLOYS_AT_A_TIME, async (_, index) => {
    await console.management.deploy({
      name: `API ${index}`,
      contextPath: contextPathOf(index),
      endpoints: { production: { url: backend.url } },
      resources: [server.introspectionResource],
      flows,
    });
    done += 1;
    if (done % 100 === 0) say(`  ${done} of ${count} APIs deployed`);
  });
  const plane = await startDataPlane(console);
  for (let index = 0; index < count; index += 1) await requireProtection(`${plane.url}${pathOf(index)}`);
  const stop = async () => {
    await plane.stop();
    await console.stop();
  };
  // 7 has no factor in common with the number of APIs, so that neighbours are not called one after another.
  const paths = Array.from({ length: count }, (_, index) => pathOf((index * 7) % count));
  return { target: { url: plane.url, headers: bearer(opaqueToken()), paths }, pid: plane.pid, stop };
}

/** Resident memory of a process in MB, as Linux counts it. */
function residentMb(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/** Many APIs, all of them called, against one that is otherwise the same on a gateway that is otherwise the same. */
export async function measureManyApis(context) {
  const { times, say } = context;
  say(`Deploying ${times.apis} APIs with ${FLOWS} flows of 3 steps each …`);
  const server = await context.server();
  const many = await startWith(times.apis, context, server);
  const one = await startWith(1, context, server);
  try {
    for (const { target } of [many, one]) await cleanLoad(target, times.warmUpSeconds);
    const runner =
      (name, { target }) =>
      async () => {
        const result = await cleanLoad(target, times.seconds);
        say(`  ${name}: ${Math.round(result.perSecond)} requests/s`);
        return result;
      };
    const measured = await takeTurns({ many: runner("many APIs", many), one: runner("one API", one) }, times.rounds);
    const memory = residentMb(many.pid);
    const memoryOfOne = residentMb(one.pid);
    const ratio = ratioOf(measured.many, measured.one, (entry) => entry.perSecond);
    const perSecond = (name) => Math.round(median(measured[name].map((entry) => entry.perSecond)));
    const how = `${loadTool}, ${CONNECTIONS} connections, ${times.rounds} rounds of ${times.seconds} s in turn, each API called in turn; backend ${context.backend.how}`;
    return [
      {
        measured: `data plane: ${times.apis} APIs of ${FLOWS} flows of 3 steps deployed and called`,
        value: perSecond("many"),
        unit: "requests/s",
        peer: "the same gateway with one such API",
        peerValue: perSecond("one"),
        ratio: round(ratio),
        goal: `at least ${RATIO_GOAL}`,
        met: ratio >= RATIO_GOAL,
        how,
      },
      {
        measured: `data plane: resident memory with those ${times.apis} APIs, after the load`,
        value: round(memory, 0),
        unit: "MB",
        peer: "the same gateway with one such API",
        peerValue: round(memoryOfOne, 0),
        ratio: round(memory / memoryOfOne),
        goal: `at most ${MEMORY_GOAL_MB} MB`,
        met: memory <= MEMORY_GOAL_MB,
        how: "VmRSS of the data plane's process, when the rounds above have ended",
      },
    ];
  } finally {
    await many.stop();
    await one.stop();
  }
}
