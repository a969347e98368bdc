import { spawnSync } from "node:child_process";
import { Pool } from "undici";
import { startForeignServer } from "../lib/foreign-server.mjs";
import { startConsole, startDataPlane } from "../lib/gatewright.mjs";
import { CONNECTIONS, cleanLoad, loadTool } from "../lib/load.mjs";
import { freePort, start, temporaryFolder } from "../lib/processes.mjs";
import { median, ratioOf, round, takeTurns } from "../lib/statistics.mjs";
import { PATH } from "./peers.mjs";

const KEPT_GOAL = 0.97;
const COLD_CALLS = 500;
const TOKEN_MS = 200;

const definitionOf = (context, contextPath, security) => ({
  name: contextPath.slice(1),
  contextPath,
  endpoints: { production: { url: context.backend.url, ...(security ? { security } : {}) } },
});

/** Waits until gateways serve what was deployed. */
async function served(urls) {
  const until = Date.now() + 10_000;
  for (const url of urls) {
    while ((await fetch(url)).status === 404 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Requests to two targets in turn. @returns requests per second of both, and the median of the rounds' ratios */
async function inTurn({ times, say }, targets) {
  for (const target of Object.values(targets)) await cleanLoad(target, times.warmUpSeconds);
  const runners = Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      async () => {
        const result = await cleanLoad(target, times.seconds);
        say(`  ${name}: ${Math.round(result.perSecond)} requests/s`);
        return result;
      },
    ]),
  );
  const measured = await takeTurns(runners, times.rounds);
  const perSecond = (name) => Math.round(median(measured[name].map((entry) => entry.perSecond)));
  return { perSecond, ratio: (one, other) => ratioOf(measured[one], measured[other], (entry) => entry.perSecond) };
}

const howOf = ({ times, backend }) =>
  `${loadTool}, ${CONNECTIONS} connections, ${times.rounds} rounds of ${times.seconds} s in turn; backend ${backend.how}`;

/** The cost of adding a cached backend token to a request. */
export async function measureKeptEndpoint(context) {
  const { management } = await context.console();
  const plane = await context.plane();
  const server = await startForeignServer();
  await management.deploy(definitionOf(context, "/plain", null));
  await management.deploy(definitionOf(context, "/own-token", server.endpointSecurity));
  const targets = { secured: { url: `${plane.url}/own-token${PATH}` }, plain: { url: `${plane.url}/plain${PATH}` } };
  await served(Object.values(targets).map(({ url }) => url));
  const { perSecond, ratio } = await inTurn(context, targets);
  const kept = ratio("secured", "plain");
  const { tokenRequests } = await server.counts();
  return [
    {
      measured: "data plane: call to an endpoint with OAuth 2.0 security, its token kept",
      value: perSecond("secured"),
      unit: "requests/s",
      peer: "the same gateway, endpoint without security",
      peerValue: perSecond("plain"),
      ratio: round(kept),
      goal: `at least ${KEPT_GOAL}`,
      met: kept >= KEPT_GOAL && tokenRequests === 1,
      how: howOf(context),
      tokenRequests,
    },
  ];
}

/** Concurrent requests to an endpoint without a cached token, spread over the gateways. @returns the number of token requests */
async function coldCalls(context, management, planes, contextPath) {
  const server = await startForeignServer({ delayMs: TOKEN_MS });
  await management.deploy(definitionOf(context, contextPath, server.endpointSecurity));
  const listGateways = async () => (await management.call("GET", "/gateways")).body.items;
  const until = Date.now() + 10_000;
  const { body: apis } = await management.call("GET", "/apis?limit=200");
  const { id } = apis.items.find((api) => api.contextPath === contextPath);
  // Polled without a request, which would fetch the token.
  while (Date.now() < until) {
    const ready = (await listGateways()).filter(({ deployments }) => deployments.some(({ apiId }) => apiId === id));
    if (ready.length >= planes.length + 1) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const pools = planes.map((plane) => new Pool(plane.url, { connections: COLD_CALLS / planes.length }));
  const statuses = await Promise.all(
    Array.from({ length: COLD_CALLS }, async (_, index) => {
      const { statusCode, body } = await pools[index % pools.length].request({ method: "GET", path: `${contextPath}${PATH}` });
      await body.dump();
      return statusCode;
    }),
  );
  await Promise.all(pools.map((pool) => pool.close()));
  const { tokenRequests } = await server.counts();
  return { tokenRequests, failed: statuses.filter((status) => status !== 200).length };
}

/** One token request for any number of concurrent requests: at one gateway, and at two that share Redis. */
export async function measureColdEndpoint(context) {
  const row = (planes, { tokenRequests, failed }) => ({
    measured: `data plane: token requests for ${COLD_CALLS} cold calls at once, ${planes}`,
    value: tokenRequests,
    unit: "token requests",
    peer: "calls",
    peerValue: COLD_CALLS,
    ratio: null,
    goal: "1",
    met: tokenRequests === 1 && failed === 0,
    how: `undici, all calls at once, the token endpoint answering after ${TOKEN_MS} ms; backend ${context.backend.how}`,
    failedCalls: failed,
  });
  const { management } = await context.console();
  const rows = [row("one gateway", await coldCalls(context, management, [await context.plane()], "/cold-endpoint"))];
  if (spawnSync("redis-server", ["--version"]).status !== 0) {
    context.say("  redis-server is not installed: two gateways that share one are not measured");
    return rows;
  }
  const port = await freePort();
  start("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", temporaryFolder("gatewright-bench-redis-")]);
  const own = { REDIS_URL: `redis://127.0.0.1:${port}` };
  const console = await startConsole(own);
  const planes = [
    await startDataPlane(console, { ...own, GATEWRIGHT_INSTANCE: "north" }),
    await startDataPlane(console, { ...own, GATEWRIGHT_INSTANCE: "south" }),
  ];
  rows.push(row("two gateways with one Redis", await coldCalls(context, console.management, planes, "/cold-between-two")));
  await Promise.all(planes.map((plane) => plane.stop()));
  await console.stop();
  return rows;
}

/** What a second worker brings where load and backend have the same cores. */
export async function measureWorkers(context) {
  const console = await context.console();
  await console.management.deploy(definitionOf(context, "/by-workers", null));
  const one = await startDataPlane(console, { GATEWRIGHT_INSTANCE: "one" });
  const two = await startDataPlane(console, { GATEWRIGHT_INSTANCE: "two", GATEWAY_WORKERS: "2" });
  const targets = { two: { url: `${two.url}/by-workers${PATH}` }, one: { url: `${one.url}/by-workers${PATH}` } };
  await served(Object.values(targets).map(({ url }) => url));
  const { perSecond, ratio } = await inTurn(context, targets);
  await Promise.all([one.stop(), two.stop()]);
  return [
    {
      measured: "data plane: two workers",
      value: perSecond("two"),
      unit: "requests/s",
      peer: "one process",
      peerValue: perSecond("one"),
      ratio: round(ratio("two", "one")),
      goal: "information",
      met: null,
      how: howOf(context),
    },
  ];
}
