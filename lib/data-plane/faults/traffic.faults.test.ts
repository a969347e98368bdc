import { readFileSync } from "node:fs";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FaultTopology, startFaultTopology, well } from "../testing/fault-topology";
import { until } from "../testing/launch";

const GIGABYTE = 1024 ** 3;
let topology: FaultTopology;
/** The answers that the backend has begun and not ended. */
const streams: ServerResponse[] = [];

/** An authorization server whose endpoints can be out of order. */
let flapping: Server;
let works = true;
let tokensIssued = 0;
const keys: JWK[] = [];
let signed: (claims: Record<string, unknown>, by?: { privateKey: CryptoKey; kid: string }) => Promise<string>;
const flappingUrl = () => `http://127.0.0.1:${(flapping.address() as AddressInfo).port}`;

beforeAll(async () => {
  topology = await startFaultTopology((incoming, outgoing) => {
    if (incoming.url === "/gigabyte") {
      outgoing.setHeader("content-length", GIGABYTE);
      pipeline(Readable.from(gigabyte()), outgoing).catch(() => undefined);
      return true;
    }
    if (!incoming.url?.startsWith("/stream")) return false;
    outgoing.write("first\n");
    streams.push(outgoing);
    return true;
  });
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  keys.push({ ...(await exportJWK(publicKey)), kid: "key", alg: "RS256", use: "sig" });
  flapping = createServer((incoming, outgoing) => {
    outgoing.setHeader("content-type", "application/json");
    if (!works) outgoing.writeHead(503).end("{}");
    else if (incoming.url === "/jwks") outgoing.end(JSON.stringify({ keys }));
    else {
      tokensIssued += 1;
      outgoing.end(JSON.stringify({ access_token: `token-${tokensIssued}`, token_type: "Bearer", expires_in: 600 }));
    }
  });
  await new Promise<void>((resolve) => flapping.listen(0, "127.0.0.1", resolve));
  signed = (claims, by = { privateKey, kid: "key" }) =>
    new SignJWT({ client_id: "app", ...claims })
      .setProtectedHeader({ alg: "RS256", kid: by.kid, typ: "at+jwt" })
      .setIssuer("https://flapping.example")
      .setAudience("api://flapping")
      .setSubject("app")
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(by.privateKey);
});
afterAll(async () => {
  flapping?.close();
  flapping?.closeAllConnections();
  await topology?.close();
});

const served = (path: string, headers: Record<string, string> = {}) =>
  Promise.all(
    topology.gateways.map((gateway) =>
      until(
        () => gateway.get(path, headers),
        ({ status }) => status === 200,
      ),
    ),
  );

it("a key set that comes and goes fails no token whose key is known", async () => {
  await topology.console.deploy("keys", {
    contextPath: "/keys",
    endpoints: { production: { url: topology.backendUrl } },
    resources: [
      {
        name: "as",
        type: "oauth2-jwt",
        config: { issuer: "https://flapping.example", jwksUrl: `${flappingUrl()}/jwks`, audiences: ["api://flapping"] },
      },
    ],
    flows: [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }],
  });
  const authorization = `Bearer ${await signed({})}`;
  await served("/keys/x", { authorization });
  for (let turn = 0; turn < 10; turn++) {
    works = turn % 2 === 1;
    for (const gateway of topology.gateways) {
      expect((await gateway.get("/keys/x", { authorization: `Bearer ${await signed({ turn })}` })).status).toBe(200);
      expect((await gateway.get("/keys/x")).status).toBe(401);
    }
  }
  works = true;
});

it("a key that is new while the key set is away is 503 with Retry-After, never 401, and is accepted once the key set is back", async () => {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "new-key", alg: "RS256", use: "sig" };
  const authorization = `Bearer ${await signed({}, { privateKey, kid: "new-key" })}`;
  works = false;
  for (const gateway of topology.gateways) {
    const answer = await fetch(`${gateway.url}/keys/x`, { headers: { authorization } });
    await answer.arrayBuffer();
    expect([answer.status, Number(answer.headers.get("retry-after")) > 0]).toEqual([503, true]);
    // Known keys serve on, and nobody gets in with nothing.
    expect((await gateway.get("/keys/x", { authorization: `Bearer ${await signed({})}` })).status).toBe(200);
    expect((await gateway.get("/keys/x")).status).toBe(401);
  }
  keys.push(jwk);
  works = true;
  await served("/keys/x", { authorization });
});

it("a token endpoint that comes and goes fails no call while the backend's token is good", async () => {
  await topology.console.deploy(
    "backend-token",
    {
      contextPath: "/backend-token",
      endpoints: {
        production: { url: topology.backendUrl, security: { type: "oauth2", tokenUrl: `${flappingUrl()}/token`, clientId: "gateway" } },
      },
      resources: [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }],
      flows: [{ request: [{ policy: "oauth2", config: { resource: "own" } }] }],
    },
    { "endpoints/production/clientSecret": "a-secret" },
  );
  const headers = { authorization: `Bearer ${await topology.token()}` };
  await served("/backend-token/x", headers);
  const issuedBefore = tokensIssued;
  for (let turn = 0; turn < 10; turn++) {
    works = turn % 2 === 1;
    for (const gateway of topology.gateways) {
      expect((await gateway.get("/backend-token/x", headers)).status).toBe(200);
      expect((await gateway.get("/backend-token/x")).status).toBe(401);
    }
  }
  works = true;
  expect(issuedBefore).toBeGreaterThan(0);
});

const CHUNK = Buffer.alloc(1024 * 1024, 97);
function* gigabyte() {
  for (let sent = 0; sent < GIGABYTE; sent += CHUNK.length) yield CHUNK;
}

/** Sends one call through nginx and answers its status and how many bytes came back; of few also the text. */
function transfer(method: "GET" | "POST", path: string, authorization: string): Promise<{ status: number; length: number; text: string }> {
  return new Promise((resolve, reject) => {
    const upload = method === "POST" ? { "content-length": String(GIGABYTE) } : {};
    const outgoing = request(`${topology.url}${path}`, { method, headers: { authorization, ...upload } }, (incoming) => {
      let length = 0;
      let text = "";
      incoming.on("data", (data: Buffer) => {
        length += data.length;
        if (length < 1000) text += data.toString();
      });
      incoming.on("error", reject);
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, length, text }));
    });
    outgoing.on("error", reject);
    if (method === "POST") pipeline(Readable.from(gigabyte()), outgoing).catch(reject);
    else outgoing.end();
  });
}

/** Resident memory, in bytes. */
function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}

/** By how much the memory of the gateways grew at most while something went on, in bytes. */
async function growthDuring<T>(work: Promise<T>): Promise<{ result: T; growth: number }> {
  const before = topology.gateways.map(({ pid }) => memoryOf(pid));
  let growth = 0;
  const look = () => {
    for (const [index, { pid }] of topology.gateways.entries()) growth = Math.max(growth, memoryOf(pid) - (before[index] ?? 0));
  };
  const timer = setInterval(look, 50);
  try {
    const result = await work;
    look();
    return { result, growth };
  } finally {
    clearInterval(timer);
  }
}

it.each([
  ["up", "POST", "/orders/x", { status: 200, text: `POST ${GIGABYTE}` }],
  ["down", "GET", "/orders/gigabyte", { status: 200, length: GIGABYTE }],
] as const)(
  "one gigabyte passes %s through nginx and a gateway whose memory does not grow with it",
  async (_way, method, path, expected) => {
    const authorization = `Bearer ${await topology.token()}`;
    const { result, growth } = await growthDuring(transfer(method, path, authorization));
    expect(result).toMatchObject(expected);
    expect(growth).toBeLessThan(256 * 1024 * 1024);
  },
);

it("a stream that began before a gateway drains is handed over whole", async () => {
  const authorization = `Bearer ${await topology.token()}`;
  const [gateway] = topology.gateways;
  let text = "";
  const ended = new Promise<string>((resolve) => {
    const outgoing = request(`${gateway.url}/orders/stream`, { headers: { authorization } }, (incoming) => {
      incoming.on("data", (data: Buffer) => {
        text += data.toString();
      });
      incoming.on("end", () => resolve(incoming.complete ? "complete" : "cut"));
      incoming.on("error", () => resolve("cut"));
    });
    outgoing.on("error", () => resolve("refused"));
    outgoing.end();
  });
  await until(
    () => text,
    (now) => now === "first\n",
  );
  const observed = await topology.underLoad(async (progress) => {
    gateway.signal("SIGTERM");
    await progress(200);
    for (const stream of streams) stream.end("last\n");
    expect(await ended).toBe("complete");
    expect(await gateway.ended).toBe(0);
    await well(await topology.launch(0));
  });
  expect(text).toBe("first\nlast\n");
  expect(observed).toMatchObject({ failures: [], opened: [], lost: [] });
});
