import { CONNECTIONS, cleanLoad, loadTool } from "./lib/load.mjs";
import { median, ratioOf, round, takeTurns } from "./lib/statistics.mjs";

const GOAL = 0.8;
const PEER = "bare oidc-provider with its memory for a store, behind a minimal Next route handler";
const SCOPE = "orders:read";

const formHeaders = (clientId, clientSecret) => ({
  authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
  "content-type": "application/x-www-form-urlencoded",
});

const tokenForm = (resource) =>
  new URLSearchParams({ grant_type: "client_credentials", scope: SCOPE, ...(resource ? { resource } : {}) }).toString();

/** A new authorization server with one scope and one application, and the peer's one client. */
async function startBoth(context, values) {
  const { url, management } = await context.console();
  const peerUrl = `${await context.nextPeer()}/oidc`;
  const { body: server } = await management.call("POST", "/authorization-servers", { audience: "urn:orders", ...values });
  await management.call("POST", `/authorization-servers/${server.id}/scopes`, { name: SCOPE });
  const { body: application } = await management.call("POST", "/applications", { name: values.name, authorizationServer: server.id });
  const base = `${url}/oauth2/${server.id}/v1`;
  return {
    ours: { base, introspect: `${base}/introspect`, headers: formHeaders(application.clientId, application.clientSecret) },
    theirs: { base: peerUrl, introspect: `${peerUrl}/token/introspection`, headers: formHeaders("bench", "secret") },
  };
}

/** Gets a token from one of the two servers. @throws with the response on failure */
async function tokenOf({ base, headers }, form) {
  const response = await fetch(`${base}/token`, { method: "POST", headers, body: form });
  const answer = await response.json();
  if (!answer.access_token) throw new Error(`${base}/token answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer.access_token;
}

/** One row: both are called in turn. */
async function compare({ times, say }, targets, { measured, unit, goal }) {
  for (const target of Object.values(targets)) await cleanLoad(target, times.warmUpSeconds);
  const runners = Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      async () => {
        const result = await cleanLoad(target, times.seconds);
        say(`  ${name}: ${Math.round(result.perSecond)} ${unit}`);
        return result;
      },
    ]),
  );
  const results = await takeTurns(runners, times.rounds);
  const of = (name, key, digits) => round(median(results[name].map((entry) => entry[key])), digits);
  const ratio = ratioOf(results.ours, results.theirs, (entry) => entry.perSecond);
  return {
    measured,
    value: of("ours", "perSecond", 0),
    unit,
    peer: PEER,
    peerValue: of("theirs", "perSecond", 0),
    ratio: round(ratio),
    goal: goal === null ? "information" : `at least ${goal}`,
    met: goal === null ? null : ratio >= goal,
    how: `${loadTool}, ${CONNECTIONS} connections, ${times.rounds} rounds of ${times.seconds} s in turn; Postgres is the embedded one`,
    p99Ms: of("ours", "p99Ms", 2),
    peerP99Ms: of("theirs", "p99Ms", 2),
  };
}

/** Signed tokens per second. Gatewright evaluates policies and rules from Postgres. */
export async function measureTokens(context) {
  const { ours, theirs } = await startBoth(context, { name: "Bench tokens" });
  const form = tokenForm();
  const targets = {
    ours: { url: `${ours.base}/token`, headers: ours.headers, form },
    theirs: { url: `${theirs.base}/token`, headers: theirs.headers, form },
  };
  return [await compare(context, targets, { measured: "authorization server: tokens issued (RS256)", unit: "tokens/s", goal: GOAL })];
}

/** Introspections a second, of the tokens that each of them can introspect: the peer only of opaque ones. */
export async function measureIntrospection(context) {
  const rows = [];
  for (const [tokenFormat, what, goal] of [
    ["jwt", "of a signed token", GOAL],
    ["opaque", "of an opaque token", GOAL],
  ]) {
    const { ours, theirs } = await startBoth(context, { name: `Bench ${tokenFormat}`, tokenFormat });
    const formOf = async (side, resource) => new URLSearchParams({ token: await tokenOf(side, tokenForm(resource)) }).toString();
    const targets = {
      ours: { url: ours.introspect, headers: ours.headers, form: await formOf(ours) },
      theirs: { url: theirs.introspect, headers: theirs.headers, form: await formOf(theirs, "urn:opaque") },
    };
    for (const [name, { url, headers, form }] of Object.entries(targets)) {
      const answer = await (await fetch(url, { method: "POST", headers, body: form })).json();
      if (answer.active !== true) throw new Error(`${name}: the token is not active: ${JSON.stringify(answer)}`);
    }
    const measured = `authorization server: introspections ${what}`;
    rows.push(await compare(context, targets, { measured, unit: "introspections/s", goal }));
  }
  return rows;
}
