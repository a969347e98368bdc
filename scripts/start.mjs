import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/project.mjs";
import { bundleEntryPoints, ensureDatabaseClient, ensureDependencies, requireNode } from "./lib/setup.mjs";

// `npm start`, `npm run dev` (--dev) and `npm run build` (--build-only): all set-up, then the supervisor in this process.
requireNode();
process.chdir(root);
await ensureDependencies();
await ensureDatabaseClient();
await bundleEntryPoints();
await import(pathToFileURL(join(root, "dist/start.js")).href);
