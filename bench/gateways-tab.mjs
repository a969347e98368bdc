import { CONNECTIONS, cleanLoad, loadTool } from "./lib/load.mjs";
import { median, ratioOf, round, takeTurns } from "./lib/statistics.mjs";

const APIS = 100;
const FLOWS = 200;
/** The page's polling interval. */
const POLL_MS = 3000;

/** A definition of about 85 KB. */
const largeDefinition = (backend, index) => ({
  name: `Large ${index}`,
  contextPath: `/large-${index}`,
  endpoints: { production: { url: backend.url } },
  flows: Array.from({ length: FLOWS }, (_, n) => ({
    name: `Flow ${n}`,
    match: { path: `/things-${n}/:id` },
    response: [{ policy: "transform-headers", config: { set: [{ name: "x-filler", value: "x".repeat(120) }] } }],
  })),
});

/** Sends the requests of an open Gateways tab, for all APIs too, until it's stopped. */
function openTab({ management }) {
  const ask = () => Promise.all([management.call("GET", "/gateways?limit=200"), management.call("GET", "/apis?limit=200")]);
  let last = ask();
  const timer = setInterval(() => {
    last = ask();
  }, POLL_MS);
  return async () => {
    clearInterval(timer);
    await last;
  };
}

/** How much an idle tab of the console that lists 100 large APIs slows the embedded gateway down. The two take turns. */
export async function measureGatewaysTab(context) {
  const { backend, times } = context;
  const console = await context.console();
  const ids = [];
  for (let index = 0; index < APIS; index += 1) ids.push(await console.management.deploy(largeDefinition(backend, index)));
  const target = { url: `${console.url}/gateway/large-0/orders/42`, headers: { accept: "application/json" } };
  await cleanLoad(target, times.warmUpSeconds);
  const seconds = Math.max(times.seconds, (2 * POLL_MS) / 1000);
  const runners = {
    quiet: () => cleanLoad(target, seconds),
    async tab() {
      const close = openTab(console);
      try {
        return await cleanLoad(target, seconds);
      } finally {
        await close();
      }
    },
  };
  const measured = await takeTurns(runners, times.rounds);
  // What is measured next has the console for itself.
  for (const id of ids) await console.management.call("DELETE", `/apis/${id}`);
  const p99 = (name) => round(median(measured[name].map((entry) => entry.p99Ms)), 2);
  return [
    {
      measured: "embedded gateway: 99th percentile latency beside an open Gateways tab, 100 APIs of 85 KB",
      value: p99("tab"),
      unit: "ms",
      peer: "the same without the tab",
      peerValue: p99("quiet"),
      ratio: round(ratioOf(measured.tab, measured.quiet, (entry) => entry.p99Ms)),
      goal: "information",
      met: null,
      how: `${loadTool}, ${CONNECTIONS} connections, ${times.rounds} rounds of ${seconds} s in turn; the tab asks for gateways and APIs every ${POLL_MS / 1000} s`,
    },
  ];
}
