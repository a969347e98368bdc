import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { GET as metrics } from "@/app/metrics/route";
import { handleAuthorizationServerRequest } from "@/lib/authorization-server/http";
import { until } from "@/lib/data-plane/testing/launch";
import { type TcpProxy, tcpProxy, through } from "@/lib/data-plane/testing/tcp-proxy";
import { gatewayState } from "./runtime";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
let way: TcpProxy;
let admin: pg.Client;
let application: { clientId: string; clientSecret: string; id: string };

beforeAll(async () => {
  management = await startManagement({
    by: async (url) => {
      way = await tcpProxy(url);
      admin = new pg.Client({ connectionString: url });
      await admin.connect();
      return through(url, way);
    },
  });
  const { body } = await management.call("POST", "/applications", {
    name: "Shop",
    environment: "production",
    authorizationServer: "default",
  });
  const secret = body as unknown as { id: string; clientId: string; clientSecret: string };
  application = secret;
}, 120_000);
afterEach(() => way.mend());
afterAll(async () => {
  await admin?.end();
  await management?.stop();
  await way?.close();
});

const basic = () => Buffer.from(`${application.clientId}:${application.clientSecret}`).toString("base64");
const post = (path: string, body: string) =>
  handleAuthorizationServerRequest(
    "default",
    path,
    new Request(`https://console.example/oauth2/default${path}`, {
      method: "POST",
      headers: { authorization: `Basic ${basic()}`, "content-type": "application/x-www-form-urlencoded" },
      body,
    }),
  );
const token = () => post("/v1/token", "grant_type=client_credentials");
const connected = () =>
  until(
    async () => (await token()).status,
    (status) => status === 200,
  );
const state = async () => ({ degraded: gatewayState().degraded.join(), postgres: gatewayState().dependencies.postgres });

describe("a connection to an unresponsive Postgres", () => {
  test("is given up by tokens, revocation, introspection, reads and deploys with 503 and Retry-After, and said in readyz and metrics", async () => {
    await connected();
    await until(state, ({ postgres }) => postgres === true);
    const issued = (await (await token()).json()) as { access_token: string };
    const { body: api } = await management.call("POST", "/apis", {
      name: "Held",
      contextPath: "/held",
      endpoints: { production: { url: "http://127.0.0.1:9" } },
    });
    way.hold();
    await until(
      async () => (await token()).status,
      (status) => status !== 200,
    );
    const answers = await Promise.all([
      token(),
      post("/v1/introspect", `token=${issued.access_token}`),
      post("/v1/revoke", `token=${issued.access_token}`),
      management.call("GET", "/apis"),
      management.call("POST", `/apis/${api.id}/deployments`, { label: "first" }),
      management.call("POST", "/apis", { name: "Other", contextPath: "/other", endpoints: { production: { url: "http://127.0.0.1:9" } } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503, 503]);
    for (const { headers } of answers) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    await until(state, ({ degraded, postgres }) => degraded.includes("Postgres") && postgres === false);
    const text = await (
      await metrics(
        new Request("https://console.example/metrics", { headers: { authorization: `Bearer ${process.env.GATEWRIGHT_ADMIN_TOKEN}` } }),
      )
    ).text();
    expect(text).toMatch(/^gatewright_dependency_up\{dependency="postgres"\} 0$/m);
    await way.mend();
    await until(state, ({ degraded, postgres }) => degraded === "" && postgres === true);
    expect((await token()).status).toBe(200);
    expect((await management.call("POST", `/apis/${api.id}/deployments`, { label: "second" })).status).toBe(201);
  });

  test("is told by readyz before its timeout when it only hangs", async () => {
    await connected();
    await until(state, ({ postgres }) => postgres === true);
    way.hold();
    await until(state, ({ degraded }) => degraded.includes("Postgres"));
  });
});

test("a connection that is cut is 503, and comes back", async () => {
  await connected();
  await way.cut();
  await until(
    async () => (await token()).status,
    (status) => status !== 200,
  );
  const answers = await Promise.all([token(), management.call("GET", "/apis"), management.call("GET", "/applications")]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  await way.mend();
  await connected();
});

describe("what Postgres can't do at the moment is 503 with Retry-After, for", () => {
  const FAILURES = {
    "53100": "a full disk",
    "53200": "no memory",
    "53300": "too many connections",
    "57014": "a statement that takes too long",
    "57P01": "a server that shuts down",
    "57P03": "a server that starts",
    "58030": "a disk that can't be read",
    "25006": "a read-only server",
    "55P03": "a lock that is held",
    XX000: "an error inside",
    "08006": "a broken connection",
  };
  afterEach(() => admin.query(`DROP TRIGGER IF EXISTS fails ON "Application"; DROP TRIGGER IF EXISTS fails ON "RevokedToken"`));

  test.each(Object.entries(FAILURES))("%s, %s", async (code) => {
    const { access_token: issued } = await until(
      async () => (await (await token()).json()) as { access_token?: string },
      ({ access_token: text }) => text !== undefined,
    );
    await admin.query(`CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not do it' USING ERRCODE = '${code}'; END $$`);
    for (const table of ["Application", "RevokedToken"])
      await admin.query(`CREATE TRIGGER fails BEFORE INSERT ON "${table}" FOR EACH ROW EXECUTE FUNCTION fail()`);
    const created = await management.call("POST", "/applications", {
      name: "Other",
      environment: "production",
      authorizationServer: "default",
    });
    expect([created.status, Number(created.headers.get("retry-after")) > 0]).toEqual([503, true]);
    const revoked = await post("/v1/revoke", `token=${issued}`);
    expect([revoked.status, Number(revoked.headers.get("retry-after")) > 0]).toEqual([503, true]);
  });
});
