import { parseArgs } from "node:util";
import { measureIntrospection, measureTokens } from "./authorization-servers.mjs";
import { measureColdTokens } from "./data-plane/cold-tokens.mjs";
import { measureColdEndpoint, measureKeptEndpoint, measureWorkers } from "./data-plane/endpoint-security.mjs";
import { measureLatency } from "./data-plane/latency.mjs";
import { measureManyApis } from "./data-plane/many-apis.mjs";
import { measureRedeploys } from "./data-plane/redeploy.mjs";
import { measureSecuredCall } from "./data-plane/secured-call.mjs";
import { measureDeploy } from "./deploy.mjs";
import { measureEmbeddedGateway } from "./embedded-gateway.mjs";
import { measureGatewaysTab } from "./gateways-tab.mjs";
import { createContext } from "./lib/context.mjs";
import { stopAll, stopOnSignals } from "./lib/processes.mjs";
import { keepResults, resultsTable } from "./lib/results.mjs";

const USAGE = "npm run bench -- [group or group/part …] [--quick]";
const say = (text) => process.stdout.write(`${text}\n`);

/** All measurements in order. Each returns its rows. */
const parts = [
  ["embedded", "secured-call", measureEmbeddedGateway],
  ["embedded", "gateways-tab", measureGatewaysTab],
  ["deploy", "swap", measureDeploy],
  ["authorization-servers", "tokens", measureTokens],
  ["authorization-servers", "introspection", measureIntrospection],
  ["data-plane", "secured-call", measureSecuredCall],
  ["data-plane", "latency", measureLatency],
  ["data-plane", "many-apis", measureManyApis],
  ["data-plane", "redeploy", measureRedeploys],
  ["data-plane", "cold-tokens", measureColdTokens],
  ["endpoints", "token-kept", measureKeptEndpoint],
  ["endpoints", "cold", measureColdEndpoint],
  ["endpoints", "workers", measureWorkers],
].map(([group, part, measure]) => ({ group, part, name: `${group}/${part}`, measure }));

/** The parts that the command line names; all of them when it names none. @throws with the usage when it names another */
function chosen(names) {
  const unknown = names.find((name) => !parts.some((part) => part.group === name || part.name === name));
  if (unknown !== undefined) {
    throw new Error(`There is nothing to measure with the name ${unknown}. ${USAGE}\nParts: ${parts.map(({ name }) => name).join(", ")}`);
  }
  return parts.filter((part) => names.length === 0 || names.includes(part.group) || names.includes(part.name));
}

async function runParts(wanted, isQuick) {
  const context = await createContext({ isQuick, say });
  const rows = [];
  for (const { group, part, name, measure } of wanted) {
    say(`Measuring ${name} …`);
    const at = new Date().toISOString();
    for (const row of await measure(context)) rows.push({ group, part, ...row, at });
  }
  return rows;
}

stopOnSignals();
try {
  const { values, positionals } = parseArgs({ options: { quick: { type: "boolean", default: false } }, allowPositionals: true });
  const rows = await runParts(chosen(positionals), values.quick);
  say(`\n${resultsTable(rows)}\n`);
  if (values.quick) say("Quick runs aren't results. bench/results.json is unchanged.");
  else
    keepResults(
      rows,
      parts.map(({ name }) => name),
    );
  process.exitCode = rows.some(({ met }) => met === false) ? 1 : 0;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stopAll();
}
