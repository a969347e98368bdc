import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestBackend, testBackend } from "@/lib/data-plane/testing/backend";
import { type TestDeployments, testDeployments } from "@/lib/data-plane/testing/deployments";
import { newSecretKey } from "@/lib/data-plane/testing/launch";
import { type TcpProxy, tcpProxy, through } from "@/lib/data-plane/testing/tcp-proxy";
import { startTokenServer, type TokenServer } from "@/lib/gateway/endpoint-security/testing/token-server";
import { testDatabase } from "@/lib/testing/postgres";
import type { HostEnvironment } from "./test-host";

/** What surrounds a gateway under test: real servers, and connections that a test can break. */
export interface Surroundings {
  env: HostEnvironment;
  /** Writes as another console does. */
  deployments: TestDeployments;
  issue(claims: Record<string, unknown>): Promise<string>;
  postgres: TcpProxy;
  redis: TcpProxy;
  /** Answers with the path and the client. */
  backend: TestBackend;
  /** Answers with the credentials that it was sent. */
  guarded: TestBackend;
  tokenServer: TokenServer;
  stop(): Promise<void>;
}

/** Starts everything but the gateway, with an authorization server `shop`. */
export async function startSurroundings(): Promise<Surroundings> {
  const redisUrl = process.env.TEST_REDIS_URL;
  if (!redisUrl) throw new Error("Run this with npm test -- --integration, or with the lines of node scripts/test-services.mjs.");
  const database = await testDatabase();
  const [postgres, redis] = [await tcpProxy(database.url), await tcpProxy(redisUrl)];
  const [backend, guarded] = [
    await testBackend(),
    await testBackend((incoming, outgoing) => outgoing.end(incoming.headers.authorization ?? "nobody")),
  ];
  const tokenServer = await startTokenServer();
  const secretKey = newSecretKey();
  const deployments = testDeployments(database.url, secretKey);
  const issue = await deployments.addServer("shop", "https://console.example/oauth2/shop", "api://shop");
  const folder = mkdtempSync(join(tmpdir(), "gw-host-"));
  return {
    env: {
      DATABASE_URL: through(database.url, postgres),
      REDIS_URL: through(redisUrl, redis),
      GATEWRIGHT_SECRET_KEY: secretKey,
      GATEWRIGHT_METRICS_TOKEN: "metrics-token-of-a-gateway-under-test",
      GATEWRIGHT_PUBLIC_URL: "https://console.example",
      GATEWRIGHT_DATA_DIR: folder,
    },
    deployments,
    issue,
    postgres,
    redis,
    backend,
    guarded,
    tokenServer,
    async stop() {
      await deployments.close();
      await Promise.all([postgres.close(), redis.close(), backend.close(), guarded.close(), tokenServer.close()]);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
