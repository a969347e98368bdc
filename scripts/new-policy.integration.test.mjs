import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "./lib/project.mjs";

const MINUTES = 600_000;
const exec = promisify(execFile);
let copy = "";

/** Runs a command in the copy; its output when it fails. */
async function run(command, ...args) {
  const env = { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" };
  try {
    await exec(command, args, { cwd: copy, env, maxBuffer: 1 << 26 });
    return "";
  } catch (error) {
    return `${error.stdout}\n${error.stderr}`;
  }
}

beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), "gatewright-new-policy-")));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  for (const path of files.split("\n").filter(Boolean)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  cpSync(join(root, "generated"), join(copy, "generated"), { recursive: true });
  writeFileSync(join(copy, ".gitignore"), `${readFileSync(join(copy, ".gitignore"), "utf8")}node_modules\n`);
  execFileSync("git", ["init", "-q"], { cwd: copy });
  execFileSync("git", ["add", "-A"], { cwd: copy });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

it("makes a policy that passes every check, is bundled, and works on both gateways", { timeout: MINUTES }, async () => {
  expect(await run(process.execPath, "scripts/new-policy.mjs", "door-key")).toBe("");
  expect(await run(process.execPath, "scripts/check.mjs")).toBe("");
  // Its own tests call it behind both adapters; the others are about every policy.
  const vitest = join(copy, "node_modules/vitest/vitest.mjs");
  expect(await run(process.execPath, vitest, "run", "lib/gateway/policies", "components/try-it/outcome", "scripts/policy-ids")).toBe("");
  expect(await run(process.execPath, "-e", 'import("./scripts/lib/setup.mjs").then((setup) => setup.bundleGateway())')).toBe("");
  expect(readFileSync(join(copy, "dist/gateway.js"), "utf8")).toContain("DOOR_KEY_DENIED");
  // Nothing but its folder and the lists is touched.
  const touched = execFileSync("git", ["ls-files", "--modified", "--others", "--exclude-standard"], { cwd: copy, encoding: "utf8" });
  const places = touched.split("\n").filter((path) => path !== "" && !path.startsWith("lib/gateway/policies/door-key/"));
  const lists = ["errors", "index", "schemas"].map((name) => `lib/gateway/policies/${name}.ts`);
  expect(places.toSorted()).toEqual(["docs/policies.md", ...lists]);
});

it("stores the key of such a policy apart, retains and deploys it, and never shows it", { timeout: MINUTES }, async () => {
  writeFileSync(join(copy, "lib/management/door-key.integration.test.ts"), managementTest());
  const vitest = join(copy, "node_modules/vitest/vitest.mjs");
  const config = ["--config", "vitest.integration.config.ts"];
  expect(await run(process.execPath, vitest, "run", ...config, "lib/management/door-key")).toBe("");
});

it.each(["Door", "door_key", "", "../door", "oauth2"])("rejects the name %j", async (name) => {
  expect(await run(process.execPath, "scripts/new-policy.mjs", name)).toMatch(/Name the policy|exists already/);
});

/** What is written into the copy, where there is a policy with a secret. */
const managementTest = () => `import { afterAll, beforeAll, expect, it } from "vitest";
import { Caller } from "@/lib/gateway/http/caller";
import { startBackend } from "@/lib/gateway/testing/servers";
import { embeddedGateway } from "./runtime";
import { startManagement, type TestManagement } from "./testing/start-management";

const KEY = "k3y-that-is-shown-nowhere";
let management: TestManagement;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeAll(async () => {
  [management, backend] = await Promise.all([startManagement(), startBackend()]);
}, 120_000);
afterAll(() => Promise.all([management?.stop(), backend?.close()]));

const definition = (request: unknown[]) => ({
  name: "Door",
  contextPath: "/door",
  endpoints: { production: { url: backend.origin } },
  flows: [{ request }],
});
const step = (config: object) => ({ policy: "door-key", config });
const enter = async (key: string) => {
  const headers = ["x-api-key", key];
  const request = { method: "GET", target: "/door/in", rawHeaders: headers, body: null, peerAddress: "127.0.0.1", caller: new Caller() };
  return (await (await embeddedGateway()).handle(request)).status;
};

it("is retained, deployed, and never shown", async () => {
  const missing = await management.call("POST", "/apis", definition([step({})]));
  expect([missing.status, missing.body.errors?.[0]?.path]).toEqual([400, "flows[0].request[0].config.key"]);
  const { body, status } = await management.call("POST", "/apis", definition([step({ key: KEY })]));
  expect(status).toBe(201);
  const api = "/apis/" + body.id;
  expect((await management.call("POST", api + "/deployments", {})).status).toBe(201);
  expect([await enter(KEY), await enter("other")]).toEqual([200, 403]);
  // What was read is written back, and a step is put before it: the key goes with its step.
  const read = await management.call("GET", api + "/definition");
  const flows = structuredClone(read.body.flows) as { request: unknown[] }[];
  flows[0]?.request.unshift({ policy: "transform-headers", config: { remove: ["x-a"] } });
  const written = await management.call("PUT", api + "/definition", { ...read.body, flows }, { "If-Match": read.headers.get("etag") ?? "" });
  expect(written.status).toBe(200);
  const changes = await management.call("GET", api + "/changes");
  expect(JSON.stringify(changes.body.changes)).not.toContain("Key");
  expect(changes.body.warnings).toEqual([]);
  expect((await management.call("POST", api + "/deployments", {})).status).toBe(201);
  expect([await enter(KEY), await enter("other")]).toEqual([200, 403]);
  const access = await management.call("GET", api + "/access");
  expect(access.body).toMatchObject({ everythingElse: "credential" });
  expect((await management.call("GET", api)).body).toMatchObject({ protection: "guarded" });
  for (const path of ["", "/definition", "/deployments", "/deployments/2", "/changes?from=1", "/export?format=json", "/export?format=yaml", "/access"])
    expect(JSON.stringify((await management.call("GET", api + path)).body), path).not.toContain(KEY);
});
`;
