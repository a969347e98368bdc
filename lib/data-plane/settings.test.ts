import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { instanceName, readSettings } from "./settings";
import { newSecretKey } from "./testing/launch";

const folder = mkdtempSync(join(tmpdir(), "gw-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const key = newSecretKey();
const base = { GATEWRIGHT_DATA_DIR: folder, GATEWRIGHT_SECRET_KEY: key };

describe("the settings of a data plane", () => {
  it("name the instance by host and port, in letters that a file's name may have", () => {
    expect(instanceName("web-1.internal", 8082)).toBe("web-1.internal-8082");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        expect(instanceName(host, port)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
      }),
    );
  });

  it("let the command line win over the environment", async () => {
    const settings = await readSettings({ ...base, GATEWAY_WORKERS: "3", GATEWAY_PORT: "9000" }, ["--workers", "2", "--port=9001"]);
    expect(settings).toMatchObject({ workers: 2, port: 9001, publicUrl: "http://localhost:9001" });
  });

  it("take the secret key of the data directory, and refuse without one instead of making it", async () => {
    const { GATEWRIGHT_DATA_DIR } = base;
    await expect(readSettings({ GATEWRIGHT_DATA_DIR }, [])).rejects.toThrow("A data plane never makes one.");
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, "secret-key"), `${key}\n`);
    expect((await readSettings({ GATEWRIGHT_DATA_DIR }, [])).secretKey).toBe(key);
    rmSync(join(folder, "secret-key"));
  });

  it("tell people which Redis is configured, and its password to nobody", async () => {
    expect((await readSettings(base, [])).redisServer).toBeNull();
    const { redisServer } = await readSettings({ ...base, REDIS_URL: "rediss://me:hunter2@[::1]:7000/3" }, []);
    expect(redisServer).toEqual({
      host: "::1",
      port: 7000,
      username: "me",
      hasPassword: true,
      database: 3,
      tls: true,
      connectTimeoutMs: 5000,
    });
    const { redisServer: open } = await readSettings({ ...base, REDIS_HOST: "redis.internal", REDIS_CONNECTION_TIMEOUT_MS: "250" }, []);
    expect(open).toMatchObject({
      host: "redis.internal",
      port: 6379,
      username: null,
      hasPassword: false,
      tls: false,
      connectTimeoutMs: 250,
    });
  });

  it("find the embedded Postgres of the same data directory, as soon as it is there", async () => {
    const { databaseUrl } = await readSettings(base, []);
    expect(await databaseUrl()).toBeNull();
    mkdirSync(join(folder, "run"));
    writeFileSync(join(folder, "run/database-url"), "postgresql://postgres@localhost/postgres?host=%2Ftmp\n");
    expect(await databaseUrl()).toBe("postgresql://postgres@localhost/postgres?host=%2Ftmp");
    expect(await (await readSettings({ ...base, DATABASE_URL: "postgresql://db/x" }, [])).databaseUrl()).toBe("postgresql://db/x");
  });
});
