import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestBackend, testBackend } from "@/lib/data-plane/testing/backend";
import { until } from "@/lib/data-plane/testing/launch";
import { type OwnRedis, ownRedis } from "@/lib/platform/testing/redis-server";
import { browserSession } from "@/lib/testing/browser-session";
import { freePort } from "@/lib/testing/free-port";
import { emptyTestDatabase, type TestDatabase } from "@/lib/testing/postgres";
import { type RunningGatewright, startGatewright } from "@/lib/testing/start-gatewright";

const ADMIN_TOKEN = randomBytes(32).toString("hex");
const EMAIL = "ann@example.com";
const PASSWORD = "correct horse battery staple";
let db: TestDatabase;
let redis: OwnRedis;
let backend: TestBackend;
let one: RunningGatewright;
let other: RunningGatewright;

beforeAll(async () => {
  [db, redis, backend] = await Promise.all([emptyTestDatabase(), ownRedis(), testBackend()]);
  const [first, second] = await Promise.all([freePort(), freePort()]);
  const env = {
    DATABASE_URL: db.url,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    GATEWRIGHT_SECRET_KEY: randomBytes(32).toString("base64"),
    // What a load balancer in front of both would be called.
    GATEWRIGHT_PUBLIC_URL: `http://localhost:${first}`,
    GATEWRIGHT_ADMIN_TOKEN: ADMIN_TOKEN,
    GATEWRIGHT_ADMIN_EMAIL: EMAIL,
    GATEWRIGHT_ADMIN_PASSWORD: PASSWORD,
  };
  // On an empty database, both at once: who comes second finds what the first has made.
  [one, other] = await Promise.all([startGatewright({ env, port: first }), startGatewright({ env, port: second })]);
}, 400_000);
afterAll(async () => {
  await Promise.all([one?.stop(), other?.stop()]);
  await redis?.close();
  await db?.drop();
  await backend?.close();
});

async function manage(at: RunningGatewright, method: string, path: string, body?: object) {
  const answer = await fetch(`${at.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? {} : JSON.parse(text) };
}

interface Client {
  id: string;
  clientId: string;
  clientSecret: string;
}

async function ask(at: RunningGatewright, client: Client, path = "token", form: Record<string, string> = {}, secret = client.clientSecret) {
  const answer = await fetch(`${at.url}/oauth2/default/v1/${path}`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${client.clientId}:${secret}`).toString("base64")}` },
    body: new URLSearchParams(path === "token" ? { grant_type: "client_credentials", ...form } : form),
  });
  const text = await answer.text();
  return { status: answer.status, token: text === "" ? "" : String(JSON.parse(text).access_token) };
}

async function accounts(): Promise<number> {
  const client = new pg.Client(db.url);
  await client.connect();
  const { rows } = await client.query('SELECT count(*)::int AS "count" FROM "User"');
  await client.end();
  return rows[0].count;
}

const newClient = async (): Promise<Client> => (await manage(one, "POST", "/applications", { name: "App" })).body;
const call = async (at: RunningGatewright, path: string, token?: string) =>
  (await fetch(`${at.url}/gateway${path}`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })).status;
const becomes = (at: RunningGatewright, path: string, wanted: number, token?: string) =>
  until(
    () => call(at, path, token),
    (status) => status === wanted,
  );
const published = async (at: RunningGatewright): Promise<string[]> => {
  const { keys }: { keys: { kid: string }[] } = await (await fetch(`${at.url}/oauth2/default/v1/keys`)).json();
  return keys.map(({ kid }) => kid).sort();
};

describe("two consoles on one Postgres and one Redis", () => {
  it("start on an empty database at once with one account, one default server and the same keys", async () => {
    const users = await Promise.all([one, other].map((at) => manage(at, "GET", "/authorization-servers")));
    for (const { body } of users) expect(body.items.map(({ id }: { id: string }) => id)).toEqual(["default"]);
    expect(await accounts()).toBe(1);
    expect(await published(one)).toHaveLength(2);
    expect(await published(other)).toEqual(await published(one));
  });

  it("share sessions: signing in and out applies to both", async () => {
    // One browser: its cookies go to both, as they do behind a load balancer.
    const jar = new Map<string, string>();
    const [here, there] = [browserSession(one.url, jar), browserSession(other.url, jar)];
    expect(await here.signIn(EMAIL, PASSWORD)).toBe("ok");
    expect((await here.fetch("/api/v1/apis")).status).toBe(200);
    expect((await there.fetch("/api/v1/apis")).status).toBe(200);
    const [copyHere, copyThere] = [here.copy(), browserSession(other.url, new Map(jar))];
    await there.signOut();
    expect((await copyHere.fetch("/api/v1/apis")).status).toBe(401);
    expect((await copyThere.fetch("/api/v1/apis")).status).toBe(401);
  });

  it("serve what either deploys, and neither what either undeploys", async () => {
    const resources = [{ name: "own", type: "oauth2-builtin", config: { server: "default" } }];
    const flows = [{ match: { path: "/" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }];
    const definition = { name: "Shared", contextPath: "/shared", endpoints: { production: { url: backend.url } }, resources, flows };
    const { body: api } = await manage(one, "POST", "/apis", definition);
    expect((await manage(one, "POST", `/apis/${api.id}/deployments`, {})).status).toBe(201);
    expect([await call(one, "/shared/x"), await becomes(other, "/shared/x", 401)]).toEqual([401, 401]);

    const client = await newClient();
    const { token } = await ask(other, client);
    expect([await becomes(one, "/shared/x", 200, token), await becomes(other, "/shared/x", 200, token)]).toEqual([200, 200]);
    expect((await ask(one, client, "revoke", { token })).status).toBe(200);
    expect([await becomes(one, "/shared/x", 401, token), await becomes(other, "/shared/x", 401, token)]).toEqual([401, 401]);

    expect((await manage(other, "DELETE", `/apis/${api.id}/deployments/active`)).status).toBe(204);
    expect([await becomes(other, "/shared/x", 404), await becomes(one, "/shared/x", 404)]).toEqual([404, 404]);
  });

  it("rotate keys once when both are told to, and publish the same ones", async () => {
    const rotate = (at: RunningGatewright) => manage(at, "POST", "/authorization-servers/default/keys/rotate", {});
    const answers = await Promise.all([rotate(one), rotate(other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const keys = await until(
      async () => [await published(one), await published(other)],
      ([here, there]) => here?.length === 3 && here.join() === there?.join(),
    );
    expect(keys[0]).toHaveLength(3);
  });

  it("count failed client authentications together", async () => {
    const client = await newClient();
    for (let time = 0; time < 5; time += 1)
      for (const at of [one, other]) expect((await ask(at, client, "token", {}, "wrong")).status).toBe(401);
    for (const at of [one, other]) expect((await ask(at, client, "token", {}, "wrong")).status).toBe(429);
  });

  it("count failed sign-ins together", async () => {
    const outcomes: string[] = [];
    for (let time = 0; time < 6; time += 1)
      for (const at of [one, other]) outcomes.push(await browserSession(at.url).signIn(EMAIL, "wrong"));
    expect(outcomes.slice(0, 10).every((outcome) => !outcome.startsWith("Throttled"))).toBe(true);
    expect(outcomes.slice(10).every((outcome) => outcome.startsWith("Throttled"))).toBe(true);
  });

  it("both are listed as gateways, and one keeps serving while the other is offline", async () => {
    const listed = await until(
      async () => (await manage(one, "GET", "/gateways")).body.items,
      (items) => items.filter(({ live }: { live: boolean }) => live).length === 2,
    );
    expect(listed.map(({ kind }: { kind: string }) => kind)).toEqual(["embedded", "embedded"]);
    const client = await newClient();
    await other.kill9();
    expect((await ask(one, client)).status).toBe(200);
    expect((await manage(one, "GET", "/apis")).status).toBe(200);
  });
});
