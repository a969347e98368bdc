import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readEnvironment } from "./env";
import { linkRedis, type RedisLink } from "./redis-link";
import type { StrictRedisOptions } from "./strict-redis";
import { type TestCertificates, testCertificates } from "./testing/certificates";
import { type OwnRedis, ownRedis } from "./testing/redis-server";

const PASSWORD = "p:a@s%s/w?o#r d&=ü";
const links: RedisLink[] = [];
const servers: OwnRedis[] = [];
let right: TestCertificates;
let wrongName: TestCertificates;

beforeAll(() => {
  right = testCertificates("IP:127.0.0.1,DNS:localhost");
  wrongName = testCertificates("DNS:elsewhere.example");
});
afterEach(async () => {
  for (const link of links.splice(0)) link.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => {
  right?.close();
  wrongName?.close();
});

const serve = async (...args: Parameters<typeof ownRedis>) => {
  const server = await ownRedis(...args);
  servers.push(server);
  return server;
};

/** The outcome of a link with these variables: database and user, or the reason of the failure. */
async function outcome(env: Record<string, string>, options: StrictRedisOptions = {}): Promise<string> {
  const { redis } = readEnvironment(env);
  if (!redis) throw new Error("No Redis is configured.");
  const link = linkRedis(redis, options);
  links.push(link);
  try {
    await link.whenReady();
  } catch (error) {
    expect(link.unreachable()).toBe(error instanceof Error ? error.message : null);
    // The failure lasts: no command succeeds.
    await expect(link.redis.set("weaker", "1")).rejects.toThrow();
    return error instanceof Error ? error.message : String(error);
  }
  await link.redis.set("seen", "1");
  const info = await link.redis.client("INFO");
  return `db ${/ db=(\d+)/.exec(info)?.[1]} as ${/ user=(\S+)/.exec(info)?.[1]}`;
}

/** Both forms of the same settings. */
const forms = (port: number, { user = "", password = "", database = "", tls = false } = {}): Record<string, string>[] => {
  const credentials = password === "" ? "" : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  return [
    { REDIS_URL: `redis${tls ? "s" : ""}://${credentials}127.0.0.1:${port}${database && `/${database}`}` },
    {
      REDIS_HOST: "127.0.0.1",
      REDIS_PORT: String(port),
      REDIS_USER: user,
      REDIS_PASSWORD: password,
      REDIS_DATABASE: database,
      REDIS_TLS: tls ? "on" : "off",
    },
  ];
};

async function bothForms(
  expected: string | RegExp,
  port: number,
  settings: Parameters<typeof forms>[1] = {},
  options: StrictRedisOptions = {},
) {
  for (const env of forms(port, settings)) expect(await outcome(env, options)).toMatch(expected);
}

describe("Redis connects as configured", () => {
  it("without authentication", async () => {
    const { port } = await serve();
    await bothForms("db 0 as default", port);
  });

  it("with another database", async () => {
    const { port } = await serve();
    await bothForms("db 5 as default", port, { database: "5" });
  });

  it("with a password only, of any characters", async () => {
    const { port } = await serve(["--requirepass", PASSWORD]);
    await bothForms("db 2 as default", port, { password: PASSWORD, database: "2" });
    await bothForms("db 0 as default", port, { user: "default", password: PASSWORD });
  });

  it("with a user", async () => {
    const { port } = await serve(["--requirepass", "other", "--user", "gate", "on", `>${PASSWORD}`, "~*", "&*", "+@all"]);
    await bothForms("db 3 as gate", port, { user: "gate", password: PASSWORD, database: "3" });
  });

  it("with TLS", async () => {
    const { port } = await serve(
      [
        "--tls-cert-file",
        right.certificate,
        "--tls-key-file",
        right.key,
        "--tls-ca-cert-file",
        right.ca,
        "--tls-auth-clients",
        "no",
        "--requirepass",
        PASSWORD,
      ],
      "tls-port",
    );
    await bothForms("db 1 as default", port, { tls: true, password: PASSWORD, database: "1" }, { tls: { ca: readFileSync(right.ca) } });
  });
});

describe("Redis is unreachable", () => {
  it("when it requires no password although one is configured", async () => {
    const { port } = await serve();
    await bothForms(/^Redis requires no password, but one is configured/, port, { password: PASSWORD });
    await bothForms(/^Redis requires no password, but one is configured/, port, { user: "default", password: PASSWORD });
    await bothForms(/^Redis rejected the username or password/, port, { user: "gate", password: PASSWORD });
  });

  it("when it requires a password, or another one", async () => {
    const { port } = await serve(["--requirepass", PASSWORD]);
    await bothForms(/NOAUTH/, port);
    await bothForms(/^Redis rejected the username or password/, port, { password: "wrong" });
  });

  it("when it doesn't have the database", async () => {
    const { port } = await serve(["--databases", "4"]);
    await bothForms(/^Redis rejected the database/, port, { database: "4" });
    await bothForms("db 3 as default", port, { database: "3" });
  });

  it("when its certificate is invalid, or only one side uses TLS", async () => {
    const tls = ({ certificate, key, ca }: TestCertificates) => [
      "--tls-cert-file",
      certificate,
      "--tls-key-file",
      key,
      "--tls-ca-cert-file",
      ca,
      "--tls-auth-clients",
      "no",
    ];
    const [good, bad, plain] = await Promise.all([serve(tls(right), "tls-port"), serve(tls(wrongName), "tls-port"), serve()]);
    await bothForms(/self-signed certificate|unable to/, good.port, { tls: true });
    await bothForms(/altname|Hostname/, bad.port, { tls: true }, { tls: { ca: readFileSync(wrongName.ca) } });
    for (const env of forms(good.port)) expect(await outcome(env)).not.toMatch(/^db/);
    for (const env of forms(plain.port, { tls: true }))
      expect(await outcome({ ...env, REDIS_CONNECTION_TIMEOUT_MS: "500" })).not.toMatch(/^db/);
  });

  it("when its certificate is invalid despite NODE_TLS_REJECT_UNAUTHORIZED=0", async () => {
    const { port } = await serve(
      ["--tls-cert-file", right.certificate, "--tls-key-file", right.key, "--tls-ca-cert-file", right.ca, "--tls-auth-clients", "no"],
      "tls-port",
    );
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    try {
      await bothForms(/self-signed certificate|unable to/, port, { tls: true });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });
});

describe("a link", () => {
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it("reports disconnect and reconnect once each, and fails commands immediately in between", async () => {
    const server = await serve();
    const [env = {}] = forms(server.port);
    expect(await outcome(env)).toBe("db 0 as default");
    const [link] = links;
    const states: (string | null)[] = [];
    link?.onState((reason) => states.push(reason));
    await server.stop();
    await until(() => states.length === 1);
    expect(states).toEqual([expect.any(String)]);
    await expect(link?.redis.get("x")).rejects.toThrow();
    await expect(link?.whenReady()).rejects.toThrow();
    await server.start();
    await until(() => states.length === 2);
    expect(states[1]).toBeNull();
    expect(await link?.redis.get("x")).toBeNull();
  });

  it("connects when Redis starts later", async () => {
    const server = await serve();
    await server.stop();
    const [env = {}] = forms(server.port);
    expect(await outcome(env)).toBe("connection refused");
    await server.start();
    await until(() => links[0]?.unreachable() === null);
    expect(await links[0]?.redis.get("x")).toBeNull();
  });

  it("times out on a server that accepts connections but doesn't respond", async () => {
    const server = await serve();
    server.pause();
    const [env = {}] = forms(server.port);
    expect(await outcome({ ...env, REDIS_CONNECTION_TIMEOUT_MS: "200" })).not.toMatch(/^db/);
    server.resume();
    await until(() => links[0]?.unreachable() === null);
  });
});
