import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureDeploy } from "./deploy.mjs";
import { measureEmbeddedGateway } from "./embedded-gateway.mjs";
import { managementClient } from "./lib/management.mjs";
import { answering, freePort, run, start, stopAll } from "./lib/processes.mjs";
import { table } from "./lib/statistics.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TOKEN = "benchmark-management-token";
const NEXT = join(ROOT, "node_modules/next/dist/bin/next");
const say = (text) => process.stdout.write(`${text}\n`);

async function startBackend() {
  const port = await freePort();
  const child = fork(join(ROOT, "bench/lib/backend.mjs"), { env: { ...process.env, PORT: String(port) } });
  process.once("exit", () => child.kill());
  await new Promise((resolve) => child.once("message", resolve));
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

async function startPeer(backend) {
  const cwd = join(ROOT, "bench/peer-next");
  const env = { ...process.env, BACKEND_URL: backend, NEXT_TELEMETRY_DISABLED: "1" };
  say("Building the peer: a minimal Next route handler …");
  // Turbopack would take the instrumentation of the folder above into the peer; webpack keeps to the peer.
  await run(process.execPath, [NEXT, "build", "--webpack"], { cwd, env });
  const port = await freePort();
  const child = start(process.execPath, [NEXT, "start", "-p", String(port)], { cwd, env });
  await answering(`http://127.0.0.1:${port}/proxy/x`, child);
  return `http://127.0.0.1:${port}`;
}

async function startGatewright(dataDir) {
  const port = await freePort();
  const env = {
    ...process.env,
    PORT: String(port),
    GATEWRIGHT_DATA_DIR: dataDir,
    GATEWRIGHT_ADMIN_TOKEN: TOKEN,
    DATABASE_URL: "",
    REDIS_URL: "",
  };
  say("Starting Gatewright …");
  const child = start(process.execPath, [join(ROOT, "scripts/start.mjs")], { cwd: ROOT, env });
  await answering(`http://localhost:${port}/readyz`, child, 300);
  return `http://localhost:${port}`;
}

async function getToken(gatewright, management) {
  const { body: application } = await management.call("POST", "/applications", { name: "Bench" });
  const response = await fetch(`${gatewright}/oauth2/default/v1/token`, {
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

const dataDir = mkdtempSync(join(tmpdir(), "gatewright-bench-"));
const backend = await startBackend();
try {
  const peer = await startPeer(backend.url);
  const gatewright = await startGatewright(dataDir);
  const management = managementClient(gatewright, TOKEN);
  const token = await getToken(gatewright, management);
  const context = { gatewright, peer, token, backend: backend.url, management };
  say("Measuring the embedded gateway against its peer …");
  const results = [await measureEmbeddedGateway(context)];
  say("Measuring how fast a deploy is served …");
  results.push(await measureDeploy(context));
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, at: new Date().toISOString() };
  writeFileSync(join(ROOT, "bench/results.json"), `${JSON.stringify({ machine, results }, null, 2)}\n`);
  say(
    `\n${table(results.map(({ measured, value, peer: against, peerValue, ratio, goal, met }) => ({ measured, value, against, "its value": peerValue, ratio, goal, met: met ? "yes" : "no" })))}\n`,
  );
  process.exitCode = results.every((result) => result.met) ? 0 : 1;
} finally {
  await stopAll();
  backend.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
