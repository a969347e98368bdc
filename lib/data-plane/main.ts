import { existsSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError } from "@/lib/platform/env";
import { Shutdown } from "@/lib/platform/shutdown";
import { StartFailure } from "@/lib/platform/start-failure";
import { runDataPlane } from "./data-plane";
import { readSettings } from "./settings";

const root = join(import.meta.dirname, "..");

async function main(): Promise<void> {
  const shutdown = new Shutdown();
  shutdown.listen();
  try {
    if (existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
    await runDataPlane(await readSettings(process.env, process.argv.slice(2)), shutdown);
  } catch (error) {
    if (shutdown.signal.aborted) return;
    const isExpected = error instanceof StartFailure || error instanceof EnvironmentError;
    process.stderr.write(`${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
    await shutdown.run();
    process.exit();
  }
}

void main();
