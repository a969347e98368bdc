import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/project.mjs";
import { bundleEntryPoints, ensureDatabaseClient, ensureDependencies, requireNode } from "./lib/setup.mjs";

// `npm run bench`: set-up, then the benchmarks against their peers in this process.
requireNode();
process.chdir(root);
await ensureDependencies();
await ensureDatabaseClient();
await bundleEntryPoints();
await import(pathToFileURL(join(root, "bench/run.mjs")).href);
