import { opaqueToken } from "../lib/foreign-server.mjs";
import { CONNECTIONS, cleanLoad } from "../lib/load.mjs";
import { median, ratioOf, round, takeTurns } from "../lib/statistics.mjs";
import { steadyLoad } from "../lib/steady.mjs";
import { bearer, startBare } from "./peers.mjs";
import { deploySecured } from "./secured-call.mjs";

/** Both hold it comfortably: at full load one would measure the queue in front of each, not the way through it. */
const CALLS_PER_SECOND = 5000;
const GOAL = 1.2;
/** A server that falls behind the rate by more is not measured at that rate. */
const HELD = 0.98;

/** The 99th percentile of latency at a fixed rate, against the bare proxy at the same rate. */
export async function measureLatency(context) {
  const { times, say } = context;
  const server = await context.server();
  const headers = bearer(opaqueToken());
  const targets = {
    ours: { url: await deploySecured(context, "/steady", server.introspectionResource), headers },
    bare: { url: await startBare(context), headers },
  };
  const runners = Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      async () => {
        const result = await steadyLoad(target, CALLS_PER_SECOND, times.steadySeconds);
        if (result.perSecond < CALLS_PER_SECOND * HELD) throw new Error(`${name} held only ${Math.round(result.perSecond)} calls/s.`);
        say(`  ${name}: ${round(result.p50Ms)} ms median, ${round(result.p99Ms)} ms 99th percentile`);
        return result;
      },
    ]),
  );
  for (const target of Object.values(targets)) await cleanLoad(target, times.warmUpSeconds);
  const measured = await takeTurns(runners, times.rounds);
  const of = (name, key) => round(median(measured[name].map((entry) => entry[key])));
  const ratio = ratioOf(measured.ours, measured.bare, (entry) => entry.p99Ms);
  return [
    {
      measured: "data plane: 99th percentile latency of a secured call at a fixed rate",
      value: of("ours", "p99Ms"),
      unit: "ms",
      peer: "bare node:http + undici pool.stream proxy, no security",
      peerValue: of("bare", "p99Ms"),
      ratio: round(ratio),
      goal: `at most ${GOAL}`,
      met: ratio <= GOAL,
      how: `${CALLS_PER_SECOND} calls/s, ${CONNECTIONS} connections, ${times.rounds} rounds of ${times.steadySeconds} s in turn, latency from the moment a call was due; backend ${context.backend.how}`,
      p50Ms: of("ours", "p50Ms"),
      peerP50Ms: of("bare", "p50Ms"),
    },
  ];
}
