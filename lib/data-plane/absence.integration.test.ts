import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { emptyTestDatabase, type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestBackend, testBackend } from "./testing/backend";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, type LaunchOptions, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";
import { type TcpProxy, tcpProxy, through } from "./testing/tcp-proxy";

const key = newSecretKey();
const folder = mkdtempSync(join(tmpdir(), "gw-away-"));
let folders = 0;
let database: TestDatabase;
let console_: TestDeployments;
let backend: TestBackend;
let way: TcpProxy;
let issue: (claims: Record<string, unknown>) => Promise<string>;

const newFolder = () => join(folder, String(++folders));
const one = (path: string) => ({
  contextPath: "/one",
  endpoints: { production: { url: backend.url + path } },
  resources: [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }],
  flows: [{ match: { path: "/guarded" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }],
});

beforeAll(async () => {
  backend = await testBackend();
  database = await testDatabase();
  way = await tcpProxy(database.url);
  console_ = testDeployments(database.url, key);
  issue = await console_.addServer("shop", "https://console.example/oauth2/shop", "api://shop");
  await console_.deploy("api_1", one(""));
});
afterAll(async () => {
  await console_?.close();
  await way?.close();
  await database?.drop();
  await backend?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await stopAllGateways();
  await way.mend();
});

const launch = (options: LaunchOptions = {}) =>
  launchGateway({
    ...options,
    env: { DATABASE_URL: through(database.url, way), GATEWRIGHT_SECRET_KEY: key, GATEWRIGHT_INSTANCE: "me", ...options.env },
  });

const ready = (gateway: LaunchedGateway, isDegraded = false) =>
  until(
    () => gateway.readiness(),
    ({ status, degraded }) => status === 200 && degraded.length > 0 === isDegraded,
  );

/** A port is opened at the latest when there has been no answer for two seconds. */
const refusing = (gateway: LaunchedGateway) =>
  until(
    () => gateway.readiness(),
    ({ status }) => status === 503,
  );

/** A data directory in which a gateway has left its copy. */
async function withCopy(): Promise<{ dataDir: string; copy: string }> {
  const dataDir = newFolder();
  const gateway = await launch({ dataDir });
  await ready(gateway);
  const copy = join(dataDir, "gateways/me.json");
  await until(
    () => readdirSync(join(dataDir, "gateways")),
    (names) => names.includes("me.json"),
  );
  await gateway.stop();
  return { dataDir, copy };
}

describe("while Postgres is away", () => {
  it("a gateway that starts serves its last-known-good copy, with tokens checked, and says so", async () => {
    const { dataDir } = await withCopy();
    await way.cut();
    const gateway = await launch({ dataDir });
    expect((await ready(gateway, true)).degraded.join()).toMatch(/^Postgres is unreachable since/);
    expect((await gateway.get("/one/x")).text).toBe("/x nobody");
    expect((await gateway.get("/one/guarded")).status).toBe(401);
    expect((await gateway.get("/one/guarded", { authorization: `Bearer ${await issue({})}` })).text).toBe("/guarded app");
  });

  it("the same when Postgres takes connections and answers nothing", async () => {
    const { dataDir } = await withCopy();
    way.hold();
    const gateway = await launch({ dataDir });
    await ready(gateway, true);
    expect((await gateway.get("/one/x")).status).toBe(200);
  });

  it("a gateway without a copy waits, refuses calls with 503, and serves when Postgres comes", async () => {
    await way.cut();
    const gateway = await launch({ dataDir: newFolder() });
    await until(
      () => gateway.readiness(),
      ({ status }) => status === 503,
    );
    expect((await gateway.get("/one/x")).status).toBe(503);
    expect((await gateway.get("/healthz")).status).toBe(200);
    await way.mend();
    await ready(gateway);
    expect((await gateway.get("/one/x")).status).toBe(200);
  });

  it("a gateway that runs goes on, says it once, and takes over what was deployed meanwhile", async () => {
    const gateway = await launch({ dataDir: newFolder() });
    await ready(gateway);
    await way.cut();
    await ready(gateway, true);
    expect((await gateway.get("/one/x")).status).toBe(200);
    await console_.deploy("api_1", one("/meanwhile"));
    await way.mend();
    await until(
      () => gateway.get("/one/x"),
      ({ text }) => text === "/meanwhile/x nobody",
    );
    await ready(gateway);
    expect(gateway.output().split("can't read deployments").length - 1).toBeLessThanOrEqual(2);
    expect(gateway.output()).not.toContain(new URL(database.url).password);
  });

  it("a look that is never answered is given up, and the next one succeeds", async () => {
    const gateway = await launch({ dataDir: newFolder() });
    await ready(gateway);
    way.hold();
    await ready(gateway, true);
    await way.mend();
    await ready(gateway);
  });
});

describe("a last-known-good copy", () => {
  it("is readable for its owner only, and has no secret in plain text", async () => {
    const config = { introspectionEndpoint: `${backend.url}/introspect`, clientId: "me" };
    const guarded = { ...one(""), contextPath: "/secret", resources: [{ name: "as", type: "oauth2-introspection", config }], flows: [] };
    await console_.deploy("api_secret", guarded, { "resources/as/clientSecret": "very-secret-words" });
    const { copy } = await withCopy();
    await console_.undeploy("api_secret");
    expect((statSync(copy).mode & 0o777).toString(8)).toBe("600");
    const text = readFileSync(copy, "utf8");
    expect(text).toContain("/secret");
    expect(text).not.toContain("very-secret-words");
  });

  const damages: [string, (path: string) => void, RegExp][] = [
    ["cut short", (path) => truncateSync(path, statSync(path).size - 40), /cut short or was altered/],
    ["emptied", (path) => truncateSync(path, 0), /cut short or was altered/],
    ["altered in one word", (path) => writeFileSync(path, readFileSync(path, "utf8").replace("/guarded", "/guarder")), /was altered/],
  ];
  it.each(damages)("that was %s is ignored with a line that says so", async (_how, damage, reason) => {
    const { dataDir, copy } = await withCopy();
    damage(copy);
    await way.cut();
    const gateway = await launch({ dataDir });
    const said = await until(
      () => gateway.output(),
      (output) => output.includes("ignoring the last-known-good configuration"),
    );
    expect(said).toMatch(reason);
    await refusing(gateway);
    await way.mend();
    await ready(gateway);
  });

  it("of another secret key is ignored", async () => {
    const { dataDir } = await withCopy();
    await way.cut();
    const gateway = await launch({ dataDir, env: { GATEWRIGHT_SECRET_KEY: newSecretKey() } });
    await until(
      () => gateway.output(),
      (output) => output.includes("it was written with another GATEWRIGHT_SECRET_KEY"),
    );
    await refusing(gateway);
  });

  it("cannot be shared: a second gateway of the same name refuses to start", async () => {
    const dataDir = newFolder();
    const first = await launch({ dataDir });
    await ready(first);
    const second = await launch({ dataDir });
    expect(await second.ended).toBe(1);
    expect(second.output().trim()).toMatch(
      new RegExp(
        `^The gateway me runs already, or is still ending \\(pid ${first.pid}\\)\\. Stop it, wait until it has ended, or start this one on a port other than .*$`,
      ),
    );
  });
});

describe("a gateway with another secret key than the console's", () => {
  it("says which secrets it cannot decrypt, and serves what needs none", async () => {
    const config = { introspectionEndpoint: `${backend.url}/introspect`, clientId: "me" };
    const guarded = { ...one(""), contextPath: "/secret", resources: [{ name: "as", type: "oauth2-introspection", config }], flows: [] };
    const number = await console_.deploy("api_secret", guarded, { "resources/as/clientSecret": "very-secret-words" });
    const gateway = await launch({ dataDir: newFolder(), env: { GATEWRIGHT_SECRET_KEY: newSecretKey() } });
    expect((await ready(gateway, true)).degraded).toEqual([`Deployment ${number} of api_secret didn't load. The log has the reason.`]);
    await until(
      () => gateway.output(),
      (said) => said.includes("was encrypted with another GATEWRIGHT_SECRET_KEY"),
    );
    expect((await gateway.get("/one/x")).status).toBe(200);
    await console_.undeploy("api_secret");
  });

  it("is not ready while it can serve nothing of what is deployed", async () => {
    const other = await testDatabase();
    const config = { introspectionEndpoint: `${backend.url}/introspect`, clientId: "me" };
    const guarded = { ...one(""), contextPath: "/secret", resources: [{ name: "as", type: "oauth2-introspection", config }], flows: [] };
    const theirs = testDeployments(other.url, newSecretKey());
    await theirs.deploy("api_secret", guarded, { "resources/as/clientSecret": "very-secret-words" });
    const gateway = await launch({ dataDir: newFolder(), env: { DATABASE_URL: other.url, GATEWRIGHT_SECRET_KEY: newSecretKey() } });
    await until(
      () => gateway.output(),
      (said) => said.includes("was encrypted with another GATEWRIGHT_SECRET_KEY"),
    );
    await refusing(gateway);
    expect((await gateway.get("/secret/x")).status).toBe(503);
    await gateway.stop();
    await theirs.close();
    await other.drop();
  });
});

describe("a start that cannot work says why in one line", () => {
  it("without a secret key, and makes none", async () => {
    const dataDir = newFolder();
    const gateway = await launch({ dataDir, env: { GATEWRIGHT_SECRET_KEY: "" } });
    expect(await gateway.ended).toBe(1);
    expect(gateway.output().trim()).toMatch(/^There is no secret key: set GATEWRIGHT_SECRET_KEY .* A data plane never makes one\.$/);
    expect(() => readdirSync(dataDir)).toThrow("ENOENT");
  });

  it("with a wrong variable or option", async () => {
    const wrong = await launch({ env: { GATEWAY_PORT: "70000", GATEWAY_WORKERS: "none" } });
    expect(await wrong.ended).toBe(1);
    expect(wrong.output().trim()).toBe("GATEWAY_PORT must be between 1 and 65535\nGATEWAY_WORKERS must be a number of processes");
    const unknown = await launch({ args: ["--wrkers", "2"] });
    expect(await unknown.ended).toBe(1);
    expect(unknown.output()).toMatch(/^Unknown option '--wrkers'.*Known are --workers and --port/);
  });
});

describe("a database that is not of this version", () => {
  it("is waited for, with a line that says which table or column is missing", async () => {
    const empty = await emptyTestDatabase();
    const gateway = await launch({ dataDir: newFolder(), env: { DATABASE_URL: empty.url } });
    const said = await until(
      () => gateway.output(),
      (output) => output.includes("schema is another version's"),
    );
    expect(said).toContain('relation \\"Api\\" does not exist');
    await refusing(gateway);
    await gateway.stop();
    await empty.drop();
  });
});
