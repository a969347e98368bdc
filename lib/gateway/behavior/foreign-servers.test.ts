import { createServer, type Socket } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { USER_AGENT } from "@/lib/http-client/user-agent";
import { type SigningKey, signingKey } from "../resources/oauth2-jwt/testing";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { startBackend } from "../testing/servers";

/** How a server writes an answer: its bytes on the wire, in the pieces in which they are sent. */
type Way = (json: string) => Buffer[];

const answer = (body: Buffer | string, headers: string[] = [], before = "") => {
  const bytes = Buffer.from(body);
  const head = ["HTTP/1.1 200 OK", "content-type: application/json", `content-length: ${bytes.length}`, "connection: close", ...headers];
  return Buffer.concat([Buffer.from(`${before}${head.join("\r\n")}\r\n\r\n`), bytes]);
};
const coded =
  (coding: string, encode: (text: string) => Buffer): Way =>
  (json) => [answer(encode(json), [`content-encoding: ${coding}`])];
const after =
  (...interim: string[]): Way =>
  (json) => [answer(json, [], interim.map((head) => `${head}\r\n\r\n`).join(""))];
const utf16 = (text: string) => Buffer.from(text, "utf16le");
const CONTINUE = "HTTP/1.1 100 Continue";
const HINTS = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload";

const GOOD_WAYS: Record<string, Way> = {
  "as usual": (json) => [answer(json)],
  "in gzip": coded("gzip", gzipSync),
  "in x-gzip": coded("X-GZIP", gzipSync),
  "in deflate": coded("deflate", deflateSync),
  "in deflate without its wrapping": coded("deflate", deflateRawSync),
  "in br": coded("br", brotliCompressSync),
  "in gzip, then br": coded("gzip, br", (text) => brotliCompressSync(gzipSync(text))),
  "in a coding that is a character set": coded("utf-8", (text) => Buffer.from(text)),
  "with a byte-order mark": (json) => [answer(`\uFEFF${json}`)],
  "in UTF-16 with a mark": (json) => [answer(utf16(`\uFEFF${json}`))],
  "in big-endian UTF-16 with a mark": (json) => [answer(utf16(`\uFEFF${json}`).swap16())],
  "in UTF-16 without a mark": (json) => [answer(utf16(json))],
  "after a 100": after(CONTINUE),
  "after two 103 and a 100": after(HINTS, HINTS, CONTINUE),
  "after a 102 without a reason": after("HTTP/1.1 102 "),
  "after a 100 with fields": after("HTTP/1.1 100 Continue\r\nserver: old\r\ncontent-length: 0"),
  "after a 100 in two pieces": (json) => {
    const whole = answer(json, [], `${CONTINUE}\r\n\r\n`);
    return [whole.subarray(0, 11), whole.subarray(11, 24), whole.subarray(24)];
  },
};

const BAD_WAYS: Record<string, Way> = {
  "as a bomb in gzip": (json) => [answer(gzipSync(json.replace(/}$/, `,"x":"${" ".repeat(20_000_000)}"}`)), ["content-encoding: gzip"])],
  "in a coding that nobody knows": coded("compress", (text) => Buffer.from(text)),
  "in a coding that it is not in": coded("gzip", (text) => Buffer.from(text)),
  "in four codings": coded("gzip, gzip, gzip, gzip", (text) => gzipSync(gzipSync(gzipSync(gzipSync(text))))),
  "after a 100 whose end is in doubt": (json) => [answer(json, [], "HTTP/1.1 100 Continue\n\n")],
};

interface OddServer {
  origin: string;
  close(): Promise<void>;
  way: Way;
  heads: string[];
}

/** A server that answers JSON by path in a way of its own; firewalls in front of it refuse who has no name. */
async function startOddServer(values: (origin: string) => Record<string, unknown>): Promise<OddServer> {
  const state: Pick<OddServer, "way" | "heads"> = { way: (json) => [answer(json)], heads: [] };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    let received = "";
    socket.on("data", async (chunk: Buffer) => {
      received += chunk.toString("latin1");
      const [head = "", body] = received.split("\r\n\r\n", 2);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (body === undefined || body.length < length) return;
      received = "";
      state.heads.push(head);
      const path = head.split(" ", 2)[1] ?? "";
      const value = values(started.origin)[path];
      if (!/^user-agent: /im.test(head)) socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      else if (value === undefined) socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      else {
        for (const piece of state.way(JSON.stringify(value))) {
          socket.write(piece);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const started: OddServer = Object.assign(state, {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
  return started;
}

describe.each(ADAPTERS)("what foreign servers answer, behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let server: OddServer;
  let key: SigningKey;
  let token: string;

  beforeAll(async () => {
    [gateway, backend, key] = await Promise.all([startGateway(adapter), startBackend(), signingKey("k1")]);
    const now = Math.floor(gateway.ports.now() / 1000);
    server = await startOddServer((origin) => ({
      "/introspect": { active: true, client_id: "shop", exp: now + 300 },
      "/keys": { keys: [key.jwk] },
      "/.well-known/openid-configuration": { issuer: origin, jwks_uri: `${origin}/keys` },
      "/token": { access_token: "backend-token", token_type: "Bearer", expires_in: 300 },
    }));
    token = await key.sign({ iss: server.origin, sub: "s", client_id: "shop", exp: now + 300 });
  });
  afterAll(() => Promise.all([gateway.close(), backend.close(), server.close()]));

  /** Each deployment is another one, so that nothing is known from before. */
  let number = 0;
  const statusOf = async (kind: "introspection" | "discovery" | "token endpoint") => {
    number += 1;
    const { origin } = server;
    const resource =
      kind === "introspection"
        ? { type: "oauth2-introspection", config: { introspectionEndpoint: `${origin}/introspect`, clientId: `gw-${number}` } }
        : { type: "oauth2-jwt", config: { issuer: origin, timeoutMs: 4000 + number } };
    const flows = [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }];
    const security = { type: "oauth2", tokenUrl: `${origin}/token`, clientId: `gw-${number}` };
    const isSecured = kind === "token endpoint";
    await gateway.gateway.replace([
      deployed(
        {
          endpoints: { production: { url: backend.origin, ...(isSecured ? { security } : {}) } },
          ...(isSecured ? {} : { resources: [{ name: "as", ...resource }], flows }),
        },
        { "resources/as/clientSecret": "secret", "endpoints/production/clientSecret": "secret" },
      ),
    ]);
    const { status } = await gateway.call("/orders", { headers: ["authorization", `Bearer ${token}`] });
    return status;
  };

  it.each(Object.entries(GOOD_WAYS))("is read %s, by introspection, discovery, key set and token endpoint", async (_, way) => {
    server.way = way;
    expect(await statusOf("introspection")).toBe(200);
    expect(await statusOf("discovery")).toBe(200);
    expect(await statusOf("token endpoint")).toBe(200);
  });

  it.each(Object.entries(BAD_WAYS))("lets no call pass %s", async (_, way) => {
    server.way = way;
    expect(await statusOf("introspection")).toBe(503);
    expect(await statusOf("discovery")).toBe(503);
    expect(await statusOf("token endpoint")).toBe(502);
  });

  it("is asked for by name, without a coding", () => {
    expect(server.heads.length).toBeGreaterThan(0);
    for (const head of server.heads) {
      expect(head).toContain(`user-agent: ${USER_AGENT}`);
      expect(head).toContain("accept-encoding: identity");
    }
  });
});

describe.each(ADAPTERS)("interim responses of a backend, behind %s", (adapter) => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await startGateway(adapter);
  });
  afterAll(() => gateway.close());

  const through = async (pieces: (string | Buffer)[], method = "GET", close = false) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", async () => {
        for (const piece of pieces) {
          socket.write(piece);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        if (close) socket.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      await gateway.gateway.replace([deployed({ endpoints: { production: { url: `http://127.0.0.1:${port}`, timeoutMs: 3000 } } })]);
      return [await gateway.call("/orders", { method }), await gateway.call("/orders", { method })];
    } finally {
      await gateway.gateway.replace([]);
      server.close();
    }
  };
  const FINAL = "HTTP/1.1 200 OK\r\ncontent-length: 24\r\n\r\n";
  /** A body that looks like an interim response is a body. */
  const BODY = "HTTP/1.1 100 Continue\r\n\r\n".slice(0, 24);

  it.each([
    ["a 100", [`${CONTINUE}\r\n\r\n`, FINAL, BODY]],
    ["a 100 in one piece with the rest", [`${CONTINUE}\r\n\r\n${FINAL}${BODY}`]],
    ["a 103, a 100 and a 102", [`${HINTS}\r\n\r\n${CONTINUE}\r\n\r\n`, `HTTP/1.1 102 Processing\r\n\r\n${FINAL}`, BODY]],
    ["none", [FINAL, BODY]],
  ])("%s are nothing to callers, and the connection is used again", async (_, pieces) => {
    const replies = await through(pieces);
    expect(replies.map(({ status, body }) => [status, body])).toEqual([
      [200, BODY],
      [200, BODY],
    ]);
  });

  it("are removed before a response only: one between its pieces is part of it", async () => {
    const [reply] = await through([`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n18\r\n`, BODY, "\r\n0\r\n\r\n"]);
    expect(reply).toMatchObject({ status: 200, body: BODY });
  });

  it("of endless heads end in a 502", async () => {
    const [reply] = await through([`${CONTINUE}\r\nx: ${"a".repeat(100_000)}`]);
    expect(reply?.status).toBe(502);
  });
});
