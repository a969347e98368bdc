import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Prisma } from "@/generated/prisma/client";
import { PEER_HEADER } from "@/lib/client-address/private-headers";
import { database } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { type SecretBox, secretBox } from "@/lib/platform/secrets";
import { testDatabase } from "@/lib/testing/postgres";
import { hashClientSecret, newClientSecret } from "./applications";
import { handleAmRequest, handleAuthorizationServerRequest } from "./http";

/** Authorization servers on their own port and database, for tests. */
export interface TestIssuer {
  url: string;
  box: SecretBox;
  stop(): Promise<void>;
}

export interface TestApplication {
  id: string;
  clientId: string;
  clientSecret: string;
}

const INSERTED = "/.well-known/oauth-authorization-server/oauth2/";

async function toRequest(message: IncomingMessage, url: URL): Promise<Request> {
  const headers = new Headers();
  for (let index = 0; index < message.rawHeaders.length; index += 2)
    headers.append(message.rawHeaders[index] ?? "", message.rawHeaders[index + 1] ?? "");
  headers.set(PEER_HEADER, message.socket.remoteAddress ?? "unknown");
  const body = message.method === "POST" ? await buffer(message) : undefined;
  return new Request(url, { method: message.method ?? "GET", headers, ...(body?.length ? { body: new Uint8Array(body) } : {}) });
}

function answer(pathname: string, request: Request): Promise<Response> {
  if (pathname.startsWith(INSERTED))
    return handleAuthorizationServerRequest(pathname.slice(INSERTED.length), "/.well-known/oauth-authorization-server", request);
  const [, surface, server = "", ...rest] = pathname.split("/");
  const handle = surface === "am" ? handleAmRequest : handleAuthorizationServerRequest;
  return handle(server, `/${rest.join("/")}`, request);
}

async function listen(): Promise<{ http: Server; url: string }> {
  const http = createServer(async (message, response) => {
    const url = new URL(message.url ?? "/", "http://localhost");
    const answered = await answer(url.pathname, await toRequest(message, url));
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.end(Buffer.from(await answered.arrayBuffer()));
  });
  // A busy machine may pause longer than Node's default of 5 seconds between two requests of a test.
  http.keepAliveTimeout = 120_000;
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  if (typeof address !== "object" || address === null) throw new Error("The test server isn't listening.");
  return { http, url: `http://127.0.0.1:${address.port}` };
}

/** Starts them and sets this process's environment, so use one per test file. */
export async function startTestIssuer(): Promise<TestIssuer> {
  const db = await testDatabase();
  const { http, url } = await listen();
  const secretKey = randomBytes(32).toString("base64");
  Object.assign(process.env, { DATABASE_URL: db.url, GATEWRIGHT_SECRET_KEY: secretKey, GATEWRIGHT_PUBLIC_URL: url });
  return {
    url,
    box: secretBox(secretKey),
    async stop() {
      http.closeAllConnections();
      http.close();
      await database().$disconnect();
      await db.drop();
    },
  };
}

const APPLICATION = { environment: "production", serverId: "default", scopes: [], grantTypes: ["client_credentials"] };

type TestApplicationValues = Partial<
  Pick<
    Prisma.ApplicationUncheckedCreateInput,
    "environment" | "serverId" | "scopes" | "grantTypes" | "authentication" | "jwks" | "jwksUri" | "dpopBound"
  >
>;

/** Stores an application with one client secret. */
export async function addApplication(values: TestApplicationValues = {}): Promise<TestApplication> {
  const id = newId("app");
  const clientId = newId("client");
  const clientSecret = newClientSecret();
  await database().application.create({
    data: { id, name: "Test", clientId, createdBy: "test", ...APPLICATION, ...values },
  });
  await addSecret(id, clientSecret);
  return { id, clientId, clientSecret };
}

/** Stores another client secret of an application. */
export async function addSecret(applicationId: string, clientSecret: string, expiresAt: Date | null = null): Promise<void> {
  await database().applicationSecret.create({
    data: { id: newId("csec"), applicationId, sha256: hashClientSecret(clientSecret), hint: clientSecret.slice(-4), expiresAt },
  });
}

/** Stores scopes of a server. */
export async function addScopes(serverId: string, names: readonly string[]): Promise<void> {
  await database().scope.createMany({ data: names.map((name) => ({ id: newId("scope"), serverId, name })) });
}
