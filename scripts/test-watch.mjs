import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./lib/project.mjs";
import { ensureDatabaseClient, ensureDependencies, requireNode } from "./lib/setup.mjs";

// `npm run test:watch [-- filter]`: set-up, then the unit tests that uncommitted changes concern, until Ctrl-C.
requireNode();
process.chdir(root);
await ensureDependencies();
await ensureDatabaseClient();
const args = [join(root, "node_modules/vitest/vitest.mjs"), "watch", "--config", "vitest.config.ts", "--changed", ...process.argv.slice(2)];
// The keys of the watch mode are read from the terminal.
const vitest = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
vitest.once("exit", (code) => process.exit(code ?? 1));
