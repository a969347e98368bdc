import { backendPaths, chromiumPath, startServices } from "./lib/services.mjs";
import { requireNode } from "./lib/setup.mjs";

// `node scripts/test-services.mjs`: a Postgres and a Redis for running single integration tests by hand, until Ctrl-C.
requireNode();
const { env, stop } = await startServices();
const variables = { ...env, CHROMIUM_PATH: await chromiumPath(), ...(await backendPaths()), GATEWRIGHT_DIST_DIR: ".next-test" };
for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`);
console.log("# Paste these lines into another terminal. Ctrl-C ends both.");
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    stop();
    process.exit(0);
  });
}
// The servers' pipes keep this process running.
