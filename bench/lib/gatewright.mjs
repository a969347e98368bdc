import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { managementClient } from "./management.mjs";
import { answering, freePort, start, stop, temporaryFolder } from "./processes.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TOKEN = "benchmark-management-token";

/**
 * Gatewright as users start it, `npm start` on a new data directory, with a client of its management API.
 * @param own settings beside the usual ones
 */
export async function startConsole(own = {}) {
  const dataDir = temporaryFolder("gatewright-bench-");
  const port = await freePort();
  const child = start(process.execPath, [join(ROOT, "scripts/start.mjs")], {
    cwd: ROOT,
    env: environment({ PORT: String(port), ...own }, dataDir),
  });
  const url = `http://localhost:${port}`;
  await answering(`${url}/readyz`, child, 300);
  return { url, dataDir, management: managementClient(url, TOKEN), stop: () => stop(child) };
}

/**
 * A data plane as users start it: `npm run gateway`, one process, on the data directory of a running console. It logs
 * every call, and its log is read to the end by another process, as it is in production.
 * @param own settings beside the usual ones
 */
export async function startDataPlane({ dataDir }, own = {}) {
  const port = await freePort();
  const log = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
  const child = start(process.execPath, [join(ROOT, "scripts/gateway.mjs")], {
    cwd: ROOT,
    env: environment({ GATEWAY_PORT: String(port), ...own }, dataDir),
    stdio: ["ignore", log.stdin, "pipe"],
  });
  // The data plane alone holds this end now: the reader ends with it.
  log.stdin.destroy();
  await answering(`http://127.0.0.1:${port}/readyz`, child);
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop: () => stop(child) };
}

/** Nothing of the machine's own configuration reaches what is measured. */
function environment(own, dataDir) {
  return {
    ...process.env,
    DATABASE_URL: "",
    REDIS_URL: "",
    REDIS_HOST: "",
    GATEWRIGHT_PUBLIC_URL: "",
    GATEWRIGHT_GATEWAY_URL: "",
    GATEWRIGHT_SECRET_KEY: "",
    GATEWRIGHT_DATA_DIR: dataDir,
    GATEWRIGHT_ADMIN_TOKEN: TOKEN,
    GATEWRIGHT_INSTANCE: "",
    GATEWAY_WORKERS: "",
    ...own,
  };
}
