import autocannon from "autocannon";
import { median, round } from "./lib/statistics.mjs";

const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONNECTIONS = 32;

async function load(url, headers) {
  const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: SECONDS });
  if (result.non2xx || result.errors) throw new Error(`${url}: ${result.non2xx} answers were not 2xx and ${result.errors} calls failed.`);
  return { perSecond: result.requests.average, p99Ms: result.latency.p99 };
}

/**
 * The embedded gateway with a guarding flow, its introspection cached, against the least that a Next route
 * handler can do on the same backend. The two take turns, so that a slow moment of the machine meets both.
 */
export async function measureEmbeddedGateway({ gatewright, peer, token, backend, management }) {
  const introspection = {
    introspectionEndpoint: `${gatewright}/oauth2/default/v1/introspect`,
    clientId: token.clientId,
    clientSecret: token.clientSecret,
    cacheTtlSeconds: 3600,
  };
  const { body: api } = await management.call("POST", "/apis", {
    name: "Bench",
    version: "1.0.0",
    contextPath: "/bench",
    endpoints: { production: { url: backend } },
    resources: [{ name: "as", type: "oauth2-introspection", config: introspection }],
    flows: [{ name: "Everything needs a token", request: [{ policy: "oauth2", config: { resource: "as" } }] }],
  });
  await management.call("POST", `/apis/${api.id}/deployments`, {});
  const ours = {
    url: `${gatewright}/gateway/bench/orders/42`,
    headers: { authorization: `Bearer ${token.accessToken}`, accept: "application/json" },
  };
  const theirs = { url: `${peer}/proxy/orders/42`, headers: { accept: "application/json" } };
  const refused = await fetch(ours.url);
  if (refused.status !== 401)
    throw new Error(`Without a token the gateway answered ${refused.status}, not 401: nothing secured is measured.`);
  const rounds = [];
  await load(ours.url, ours.headers);
  await load(theirs.url, theirs.headers);
  for (let index = 0; index < ROUNDS; index += 1) {
    const gateway = await load(ours.url, ours.headers);
    const handler = await load(theirs.url, theirs.headers);
    rounds.push({ gateway, handler, ratio: gateway.perSecond / handler.perSecond });
  }
  const of = (pick) => round(median(rounds.map(pick)));
  return {
    measured: "embedded gateway, token cached (requests/s)",
    value: of((entry) => entry.gateway.perSecond),
    p99Ms: of((entry) => entry.gateway.p99Ms),
    peer: "minimal Next route handler, no security (requests/s)",
    peerValue: of((entry) => entry.handler.perSecond),
    ratio: of((entry) => entry.ratio),
    goal: "at least 0.85",
    met: median(rounds.map((entry) => entry.ratio)) >= 0.85,
  };
}
