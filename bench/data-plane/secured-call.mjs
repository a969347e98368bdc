import { opaqueToken, SCOPE } from "../lib/foreign-server.mjs";
import { CONNECTIONS, checkedLoad, loadTool } from "../lib/load.mjs";
import { median, ratioOf, round, takeTurns } from "../lib/statistics.mjs";
import { bearer, PATH, requireProtection, startApachePeer, startBare, startExpress, startFastify } from "./peers.mjs";

const OURS = "data plane: secured call, token introspected and kept";

/** The flow of every secured API: a token with a scope. */
const guard = {
  name: "Everything needs a token",
  request: [{ policy: "oauth2", config: { resource: "server", requiredScopes: [SCOPE] } }],
};

/** Deploys an API protected with the given resource. @returns its URL */
export async function deploySecured(context, contextPath, resource) {
  const { management } = await context.console();
  const plane = await context.plane();
  await management.deploy({
    name: contextPath.slice(1),
    contextPath,
    endpoints: { production: { url: context.backend.url } },
    resources: [resource],
    flows: [guard],
  });
  const url = `${plane.url}${contextPath}${PATH}`;
  await deployedOn(url);
  return url;
}

/** Waits until the data plane protects a URL. */
async function deployedOn(url) {
  const until = Date.now() + 10_000;
  while ((await fetch(url)).status === 404 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  await requireProtection(url);
}

/** Tolerated failures of a peer, because Apache recycles processes with their connections. Gatewright must have none. */
const BROKEN_OF_PEERS = 0.001;

/** @throws when too many requests failed, because the measurement would be invalid */
function requireServed(name, { failed, calls }) {
  const allowed = name.startsWith("ours") ? 0 : calls * BROKEN_OF_PEERS;
  if (failed > allowed) throw new Error(`${name}: ${failed} of ${calls} calls failed.`);
}

/** A secured request compared with the bare proxy and with alternatives, in turn on one backend. */
export async function measureSecuredCall(context) {
  const { times, say } = context;
  const server = await context.server();
  const opaque = bearer(opaqueToken());
  const signed = bearer(await server.signedToken());
  const apache = await startApachePeer(context);
  const targets = {
    ours: { url: await deploySecured(context, "/secured", server.introspectionResource), headers: opaque },
    oursSigned: { url: await deploySecured(context, "/signed", server.jwtResource), headers: signed },
    bare: { url: await startBare(context), headers: opaque },
    fastify: { url: await startFastify(context), headers: signed },
    express: { url: await startExpress(context), headers: signed },
    ...(apache ? { apache: { url: apache, headers: opaque } } : {}),
  };
  for (const [name, target] of Object.entries(targets)) requireServed(name, await checkedLoad(target, times.warmUpSeconds));
  const runners = Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      async () => {
        const result = await checkedLoad(target, times.seconds);
        requireServed(name, result);
        say(`  ${name}: ${Math.round(result.perSecond)} requests/s`);
        return result;
      },
    ]),
  );
  const measured = await takeTurns(runners, times.rounds);
  const how = `${loadTool}, ${CONNECTIONS} connections, ${times.rounds} rounds of ${times.seconds} s in turn; backend ${context.backend.how}`;
  const perSecond = (name) => Math.round(median(measured[name].map((entry) => entry.perSecond)));
  const p99Ms = (name) => round(median(measured[name].map((entry) => entry.p99Ms)));
  const row = (peerName, peer, goal, ours = "ours", what = OURS) => {
    const ratio = ratioOf(measured[ours], measured[peerName], (entry) => entry.perSecond);
    return {
      measured: what,
      value: perSecond(ours),
      unit: "requests/s",
      peer,
      peerValue: perSecond(peerName),
      ratio: round(ratio),
      goal: goal === null ? "information" : `at least ${goal}`,
      met: goal === null ? null : ratio >= goal,
      how,
      p99Ms: p99Ms(ours),
      peerP99Ms: p99Ms(peerName),
    };
  };
  const signedCall = "data plane: secured call, signed token kept (oauth2-jwt)";
  return [
    row("bare", "bare node:http + undici pool.stream proxy, no security", 1),
    row("fastify", "Fastify + @fastify/http-proxy + jose, RS256", 2.5),
    row("express", "Express + http-proxy-middleware + express-oauth2-jwt-bearer, RS256", 6),
    ...(apache ? [row("apache", "Apache httpd + mod_oauth2, introspection kept, all cores", 1.25)] : []),
    row("bare", "bare node:http + undici pool.stream proxy, no security", null, "oursSigned", signedCall),
    row("fastify", "Fastify + @fastify/http-proxy + jose, RS256", null, "oursSigned", signedCall),
  ];
}
