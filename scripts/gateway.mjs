import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/project.mjs";
import { bundleGateway, ensureDependencies, requireNode } from "./lib/setup.mjs";

// `npm run gateway`: a data plane in this process. It needs neither the console's build nor the database client, and
// leaves both alone, so that it can be started beside a console that runs from the same folder.
requireNode();
process.chdir(root);
await ensureDependencies();
await bundleGateway();
await import(pathToFileURL(join(root, "dist/gateway.js")).href);
