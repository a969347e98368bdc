import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterEach, describe, expect, it } from "vitest";
import { launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";

afterEach(stopAllGateways);

/** What may not be in the process that serves calls. */
const FORBIDDEN = /(?:^|[/:"'])(?:node_modules\/)?(?:next|next-auth|react|react-dom|prisma|@prisma\/[\w-]+)(?:$|[/"'])/;
const OURS = /^(?:app|components|generated|lib\/(?:management|authorization-server|start))\//;

describe("the data plane runs without Next, React and Prisma", () => {
  it("in what its bundle is made of and leaves to be loaded", async () => {
    const { metafile } = await build({
      entryPoints: ["lib/data-plane/main.ts"],
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const inputs = Object.keys(metafile.inputs);
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports.map(({ path }) => path));
    expect(inputs).toContain("lib/gateway/gateway.ts");
    expect([...inputs, ...imports].filter((path) => FORBIDDEN.test(path))).toEqual([]);
    expect(inputs.filter((path) => OURS.test(path))).toEqual([]);
  });

  it("in what the running process has loaded, by import and by require, in all its workers", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gw-graph-"));
    const record = join(folder, "loaded");
    // Hooks see every import; what CommonJS modules load among themselves stands in their cache.
    writeFileSync(
      join(folder, "hooks.mjs"),
      `import { appendFileSync } from "node:fs";
export async function load(url, context, next) { appendFileSync(${JSON.stringify(record)}, url + "\\n"); return next(url, context); }`,
    );
    writeFileSync(
      join(folder, "register.mjs"),
      `import { appendFileSync } from "node:fs";
import { createRequire, register } from "node:module";
register(${JSON.stringify(pathToFileURL(join(folder, "hooks.mjs")).href)});
const { cache } = createRequire(import.meta.url);
setInterval(() => appendFileSync(${JSON.stringify(record)}, "cache of " + process.pid + "\\n" + Object.keys(cache).join("\\n") + "\\n"), 200).unref();`,
    );
    const gateway = await launchGateway({
      args: ["--workers", "2"],
      nodeArgs: ["--import", pathToFileURL(join(folder, "register.mjs")).href],
      env: { GATEWRIGHT_SECRET_KEY: newSecretKey() },
    });
    await until(
      () => gateway.readiness(),
      ({ status }) => status === 503,
    );
    const loaded = await until(
      () => readFileSync(record, "utf8"),
      (text) => new Set(text.match(/^cache of \d+$/gm)).size === 3,
    );
    expect(loaded).toContain("/node_modules/pg/");
    expect(loaded).toContain("/node_modules/undici/");
    expect(loaded.split("\n").filter((path) => FORBIDDEN.test(path))).toEqual([]);
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});
