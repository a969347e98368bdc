import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";

const key = newSecretKey();
let database: TestDatabase;
let console_: TestDeployments;
let issue: (claims: Record<string, unknown>) => Promise<string>;
let gateway: LaunchedGateway;
/** A backend that never ends what it has begun. */
const backend = createServer((_, outgoing) => outgoing.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n"));
new WebSocketServer({ server: backend });

const deploy = () =>
  console_.deploy("api_1", {
    contextPath: "/one",
    endpoints: { production: { url: `http://127.0.0.1:${(backend.address() as AddressInfo).port}` } },
    resources: [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }],
    flows: [{ request: [{ policy: "oauth2", config: { resource: "own" } }] }],
  });

beforeAll(async () => {
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  database = await testDatabase();
  console_ = testDeployments(database.url, key);
  issue = await console_.addServer("shop", "https://console.example/oauth2/shop", "api://shop");
});
afterEach(stopAllGateways);
afterAll(async () => {
  await console_?.close();
  await database?.drop();
  backend.close();
  backend.closeAllConnections();
});

/** Opens an event stream and a WebSocket, several of each, so that every process of the gateway has some. */
async function openWith(token: string): Promise<{ stillOpen(): number }> {
  const headers = { authorization: `Bearer ${token}` };
  let open = 0;
  const opened = () => {
    open += 1;
    return () => {
      open -= 1;
    };
  };
  for (let count = 0; count < 6; count += 1) {
    const response = await fetch(`${gateway.url}/one/events`, { headers });
    expect(response.status).toBe(200);
    const closed = opened();
    response.text().then(closed, closed);
    const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/one/live`, { headers });
    await once(socket, "open");
    socket.on("error", () => undefined).on("close", opened());
  }
  return { stillOpen: () => open };
}

const ended = ({ stillOpen }: { stillOpen(): number }) =>
  until(
    async () => stillOpen(),
    (open) => open === 0,
    10_000,
  );

describe.each([
  ["one process", "1"],
  ["two workers", "2"],
])("streams of a gateway of %s", (_, workers) => {
  it("end with their token, with its application, its server and their API, and outlive a redeployment", async () => {
    await console_.query(`DELETE FROM "EndedClient"`);
    await deploy();
    gateway = await launchGateway({ args: ["--workers", workers], env: { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key } });
    await until(
      () => gateway.readiness(),
      ({ status }) => status === 200,
    );
    const [revoked, mobile, other] = await Promise.all([issue({}), issue({ client_id: "mobile" }), issue({ client_id: "other" })]);
    const [ofRevoked, ofMobile, ofOther] = [await openWith(revoked), await openWith(mobile), await openWith(other)];

    const number = await deploy();
    await until(
      async () => gateway.output(),
      (output) => output.split("deployments loaded").length > 2,
    );
    expect(number).toBeGreaterThan(1);
    await console_.query(`INSERT INTO "RevokedToken" VALUES ('shop', $1, timezone('utc', now()) + interval '5 minutes')`, [
      decodeJwt(revoked).jti,
    ]);
    await ended(ofRevoked);
    expect([ofMobile.stillOpen(), ofOther.stillOpen()]).toEqual([12, 12]);

    await console_.query(
      `INSERT INTO "EndedClient" ("clientId", "serverId", "endedAt", "isOff", "expiresAt") VALUES ('mobile', 'shop', timezone('utc', now()), true, timezone('utc', now()) + interval '25 hours')`,
    );
    await ended(ofMobile);
    expect(ofOther.stillOpen()).toBe(12);

    await console_.query(`UPDATE "AuthorizationServer" SET "enabled" = false WHERE "id" = 'shop'`);
    await ended(ofOther);
    await console_.query(`UPDATE "AuthorizationServer" SET "enabled" = true WHERE "id" = 'shop'`);
    let last: Awaited<ReturnType<typeof openWith>> | undefined;
    await until(
      async () => {
        last = await openWith(await issue({ client_id: "last" })).catch(() => undefined);
        return last;
      },
      (opened) => opened !== undefined,
    );
    await console_.undeploy("api_1");
    if (last) await ended(last);
  });
});
