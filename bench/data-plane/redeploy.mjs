import { opaqueToken, SCOPE } from "../lib/foreign-server.mjs";
import { CONNECTIONS, load, loadTool } from "../lib/load.mjs";
import { round } from "../lib/statistics.mjs";
import { bearer, PATH, requireProtection } from "./peers.mjs";

const EVERY_MS = 1000;
const REACH_TIMEOUT_MS = 5000;
const LOOK_EVERY_MS = 20;
const CONTEXT_PATH = "/redeployed";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A flow that requires a token and adds the definition's number to each response. */
const flowsOf = (version) => [
  {
    request: [{ policy: "oauth2", config: { resource: "server", requiredScopes: [SCOPE] } }],
    response: [{ policy: "transform-headers", config: { set: [{ name: "x-version", value: String(version) }] } }],
  },
];

/** How long it took until the data plane served a definition, and how many looks failed; null when it never did. */
async function untilServed({ url, headers }, version) {
  const startedAt = performance.now();
  let failed = 0;
  while (performance.now() - startedAt < REACH_TIMEOUT_MS) {
    const response = await fetch(url, { headers }).catch(() => undefined);
    await response?.arrayBuffer().catch(() => undefined);
    if (!response?.ok) failed += 1;
    if (response?.headers.get("x-version") === String(version)) return { ms: performance.now() - startedAt, failed };
    await pause(LOOK_EVERY_MS);
  }
  return { ms: null, failed };
}

/** A redeployment every second under load: no request may fail, and each definition must reach the data plane. */
export async function measureRedeploys(context) {
  const { backend, times, say } = context;
  const server = await context.server();
  const { management } = await context.console();
  const plane = await context.plane();
  const id = await management.deploy({
    name: "Redeployed",
    contextPath: CONTEXT_PATH,
    endpoints: { production: { url: backend.url } },
    resources: [server.introspectionResource],
    flows: flowsOf(0),
  });
  const target = { url: `${plane.url}${CONTEXT_PATH}${PATH}`, headers: bearer(opaqueToken()) };
  const first = await untilServed(target, 0);
  if (first.ms === null) throw new Error(`${target.url} was never served.`);
  await requireProtection(target.url);

  // The load begins before the first redeploy and ends after the last.
  const loaded = load(target, times.redeploys + 2);
  await pause(1000);
  const startedAt = performance.now();
  const reached = [];
  for (let version = 1; version <= times.redeploys; version += 1) {
    await pause(Math.max(0, startedAt + (version - 1) * EVERY_MS - performance.now()));
    await management.change(id, { flows: flowsOf(version) });
    await management.call("POST", `/apis/${id}/deployments`, {});
    reached.push(await untilServed(target, version));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const result = await loaded;
  const missed = reached.filter((entry) => entry.ms === null).length;
  const failed = result.failed + reached.reduce((sum, entry) => sum + entry.failed, 0);
  // The load starts 1 second before and ends 1 second after the redeployments.
  const wereUnderLoad = seconds <= times.redeploys + 1;
  const slowestMs = Math.round(Math.max(...reached.map((entry) => entry.ms ?? REACH_TIMEOUT_MS)));
  say(`  ${times.redeploys} redeploys in ${round(seconds, 1)} s, each served within ${slowestMs} ms; ${result.calls} requests meanwhile`);
  return [
    {
      measured: `data plane: failed requests while an API is redeployed every second, ${times.redeploys} times`,
      value: failed,
      unit: "failed requests",
      peer: "–",
      peerValue: null,
      ratio: null,
      goal: "0, and every redeploy served",
      met: failed === 0 && missed === 0 && wereUnderLoad,
      how: `${loadTool}, ${CONNECTIONS} connections, ${times.redeploys + 2} s; redeploys by the management API; backend ${backend.how}`,
      requests: result.calls,
      requestsPerSecond: Math.round(result.perSecond),
      redeploysSeconds: round(seconds, 1),
      redeploysNotServed: missed,
      slowestMs,
    },
  ];
}
