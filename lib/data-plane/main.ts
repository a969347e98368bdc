import cluster from "node:cluster";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError } from "@/lib/platform/env";
import { logger } from "@/lib/platform/log";
import { Shutdown } from "@/lib/platform/shutdown";
import { StartFailure } from "@/lib/platform/start-failure";
import { runDataPlane } from "./data-plane";
import { keepHeapSmall } from "./heap";
import { readSettings } from "./settings";
import { runWorker } from "./workers/worker";

const root = join(import.meta.dirname, "..");
const args = process.argv.slice(2);

async function main(): Promise<void> {
  keepHeapSmall();
  if (existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
  if (cluster.isWorker) {
    runWorker(await readSettings(process.env, args));
    return;
  }
  const shutdown = new Shutdown();
  shutdown.listen();
  goOnWhateverFails();
  try {
    await runDataPlane(await readSettings(process.env, args), shutdown, { script: import.meta.filename, args });
  } catch (error) {
    // Whatever fails because everything is being stopped is no failure.
    if (shutdown.signal.aborted) return;
    const isExpected = error instanceof StartFailure || error instanceof EnvironmentError;
    process.stderr.write(`${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    await shutdown.run();
    process.exit(1);
  }
}

/**
 * No input ends this process. An error that reaches this point broke off one chain of events, and passing a call on is the
 * last link of its chain: it fails closed, while ending the process would let whoever found such an input stop every
 * API. A worker that this happens to is replaced all the same, because another can take over first.
 */
function goOnWhateverFails(): void {
  process.on("uncaughtException", (error, origin) => {
    logger().fatal({ err: error, origin }, "something failed in a way that nobody foresaw; the gateway goes on");
  });
}

void main();
