import { CONNECTIONS, cleanLoad, loadTool } from "./lib/load.mjs";
import { median, ratioOf, round, takeTurns } from "./lib/statistics.mjs";

const GOAL = 0.85;

/** An application of the console's own authorization server, with a token of its own. */
async function getToken({ url, management }) {
  const { body: application } = await management.call("POST", "/applications", { name: "Bench" });
  const response = await fetch(`${url}/oauth2/default/v1/token`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${Buffer.from(`${application.clientId}:${application.clientSecret}`).toString("base64")}`,
      "Content-Type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  const { access_token: accessToken } = await response.json();
  return { accessToken, clientId: application.clientId, clientSecret: application.clientSecret };
}

/**
 * The embedded gateway with a guarding flow, its introspection cached, against the least that a Next route
 * handler can do on the same backend. The two take turns.
 */
export async function measureEmbeddedGateway(context) {
  const { backend, times } = context;
  const peer = await context.nextPeer();
  const console = await context.console();
  const { accessToken, clientId, clientSecret } = await getToken(console);
  await console.management.deploy({
    name: "Bench",
    contextPath: "/bench",
    endpoints: { production: { url: backend.url } },
    resources: [
      {
        name: "as",
        type: "oauth2-introspection",
        config: { introspectionEndpoint: `${console.url}/oauth2/default/v1/introspect`, clientId, clientSecret, cacheTtlSeconds: 3600 },
      },
    ],
    flows: [{ name: "Everything needs a token", request: [{ policy: "oauth2", config: { resource: "as" } }] }],
  });
  const ours = {
    url: `${console.url}/gateway/bench/orders/42`,
    headers: { authorization: `Bearer ${accessToken}`, accept: "application/json" },
  };
  const theirs = { url: `${peer}/proxy/orders/42`, headers: { accept: "application/json" } };
  const refused = await fetch(ours.url);
  if (refused.status !== 401)
    throw new Error(`Without a token the gateway returned ${refused.status} instead of 401, so the measurement would be invalid.`);
  await cleanLoad(ours, times.warmUpSeconds);
  await cleanLoad(theirs, times.warmUpSeconds);
  const runners = { ours: () => cleanLoad(ours, times.seconds), theirs: () => cleanLoad(theirs, times.seconds) };
  const measured = await takeTurns(runners, times.rounds);
  const of = (name, key, digits = 2) => round(median(measured[name].map((entry) => entry[key])), digits);
  const ratio = ratioOf(measured.ours, measured.theirs, (entry) => entry.perSecond);
  return [
    {
      measured: "embedded gateway, token cached",
      value: of("ours", "perSecond", 0),
      unit: "requests/s",
      peer: "minimal Next route handler, no security",
      peerValue: of("theirs", "perSecond", 0),
      ratio: round(ratio),
      goal: `at least ${GOAL}`,
      met: ratio >= GOAL,
      how: `${loadTool}, ${CONNECTIONS} connections, ${times.rounds} rounds of ${times.seconds} s in turn; backend ${backend.how}`,
      p99Ms: of("ours", "p99Ms"),
      peerP99Ms: of("theirs", "p99Ms"),
    },
  ];
}
