import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { RawClient, sendAndEnd } from "./raw-client";
import { type RecordingBackend, startRecording } from "./recording-backend";

let gateway: RunningGateway;
let backend: RecordingBackend;
let as: IntrospectionServer;
const failures: unknown[] = [];
const note = (error: unknown) => failures.push(error);

beforeAll(async () => {
  process.on("unhandledRejection", note).on("uncaughtException", note);
  [gateway, backend, as] = await Promise.all([startGateway("node-http"), startRecording(), startIntrospection()]);
  // See guarded.ts: answers are written although this side has sent all it will send.
  Object.assign(gateway.server.server, { httpAllowHalfOpen: true });
  as.answers.set("good", { active: true, client_id: "shop", sub: "alice" });
  const resources = [
    { name: "as", type: "oauth2-introspection", config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw" } },
  ];
  const secrets = { "resources/as/clientSecret": "secret" };
  const token = { request: [{ policy: "oauth2", config: { resource: "as" } }] };
  const problems = await gateway.gateway.replace([
    deployed({ contextPath: "/open", endpoints: { production: { url: backend.origin } } }, {}, "open"),
    deployed({ contextPath: "/closed", endpoints: { production: { url: backend.origin } }, resources, flows: [token] }, secrets, "closed"),
    deployed(
      {
        contextPath: "/cors",
        endpoints: { production: { url: backend.origin } },
        cors: { enabled: true, allowOrigins: ["https://shop.test"], allowMethods: ["GET"], allowHeaders: ["x"] },
        paths: { allowSemicolon: true, allowEncodedSlash: true },
        flowSelection: "best",
        flows: [
          {
            match: { path: "/:a/:b", operator: "equals", methods: ["GET"] },
            response: [{ policy: "transform-headers", config: { remove: ["x"] } }],
          },
        ],
      },
      {},
      "cors",
    ),
    deployed({ contextPath: "/dead", endpoints: { production: { url: "http://127.0.0.1:9" } } }, {}, "dead"),
  ]);
  expect(problems).toEqual([]);
});
afterAll(async () => {
  await Promise.all([gateway.close(), backend.close(), as.close()]);
  process.off("unhandledRejection", note).off("uncaughtException", note);
});

beforeEach(() => {
  gateway.ports.records.length = 0;
  backend.requests.length = 0;
  backend.malformed.length = 0;
  failures.length = 0;
});

/** Nothing went wrong unseen: a 500 has a record that says why, nothing was thrown past everybody, and calls are still answered. */
async function expectSound(answer: string): Promise<void> {
  for (const [, status] of answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
    if (status !== "500") continue;
    const record = gateway.ports.records.find((candidate) => candidate.status === 500 && answer.includes(candidate.requestId));
    expect(record?.reason ?? "").not.toBe("");
  }
  // Nothing that was sent here is a reason for a 500 at all.
  expect(gateway.ports.records.filter((record) => record.status === 500)).toEqual([]);
  expect(backend.malformed).toEqual([]);
  expect(failures).toEqual([]);
  gateway.ports.records.length = 0;
  backend.requests.length = 0;
}

const client = () => new RawClient(gateway.server.port);
const send = (bytes: string | Buffer) => sendAndEnd(gateway.server.port, bytes);

async function expectToServe(): Promise<void> {
  const caller = client();
  const good = ["Authorization: Bearer good"];
  expect(await caller.get("/closed/x", good)).toMatchObject({ status: 200, body: "/x" });
  expect((await caller.get("/closed/x")).status).toBe(401);
  caller.close();
}

const byte = (max = 255) => fc.nat({ max }).map((code) => String.fromCharCode(code));
const bytes = (maxLength: number) => fc.array(byte(), { maxLength }).map((all) => all.join(""));
const visible = (maxLength: number) =>
  fc
    .array(
      byte(93).map((character) => String.fromCharCode(character.charCodeAt(0) + 33)),
      { maxLength },
    )
    .map((all) => all.join(""));

const someTarget = fc.oneof(
  fc.constantFrom(
    "/open/x",
    "/closed/x",
    "/cors/a/b",
    "/dead/x",
    "/",
    "*",
    "",
    "/open",
    "/open/",
    "/nowhere",
    "/cors/a;b/%2f",
    "http://h/open/x",
    "h:80",
    "/open/%",
  ),
  fc.tuple(fc.constantFrom("/open/", "/closed/", "/cors/", "/"), visible(30)).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom("/open/", "/cors/"), bytes(20)).map((parts) => parts.join("")),
  visible(40),
);
const someLine = fc
  .tuple(
    fc.oneof(fc.constantFrom("GET", "POST", "HEAD", "OPTIONS", "DELETE", "CONNECT", "TRACE", "PRI", "get", ""), visible(8)),
    fc.constantFrom(" ", " ", " ", " ", "  ", "\t", ""),
    someTarget,
    fc.oneof(
      { arbitrary: fc.constant(" HTTP/1.1"), weight: 8 },
      { arbitrary: fc.oneof(fc.constantFrom(" HTTP/1.0", "", " HTTP/2.0", " HTTP/0.0"), bytes(10)), weight: 1 },
    ),
  )
  .map((parts) => parts.join(""));
const someName = fc.oneof(
  fc.constantFrom(
    "Host",
    "Authorization",
    "Accept",
    "Origin",
    "Connection",
    "Content-Length",
    "Transfer-Encoding",
    "Expect",
    "Upgrade",
    "Cookie",
    "TE",
    "Forwarded",
  ),
  fc.constantFrom(
    "X-Forwarded-For",
    "traceparent",
    "Via",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Accept-Encoding",
    "Range",
    "If-Match",
  ),
  fc.constantFrom(
    "X-Gatewright-Subject",
    "x_gatewright_subject",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
    "HTTP2-Settings",
    "Keep-Alive",
    "Trailer",
    "__proto__",
    "constructor",
  ),
  visible(12),
);
const someValue = fc.oneof(
  fc.constantFrom(
    "Bearer good",
    "Bearer",
    "Bearer  ",
    "Bearer x y",
    "https://shop.test",
    "null",
    "*",
    "close",
    "keep-alive, upgrade",
    "websocket",
    "h2c",
    "chunked",
    "0",
    "5",
    "100-continue",
  ),
  fc.constantFrom(
    'for=x;host="',
    "1.1 x, ".repeat(50),
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "GET",
    "x, y,,",
    ",",
    ";",
    "=",
    '"',
    "\\",
    "application/json;q=0",
    "*/*;q=x",
  ),
  visible(30),
  bytes(30),
  fc.nat({ max: 3000 }).map((length) => "v".repeat(length)),
);
const someHeader = fc.tuple(someName, fc.constantFrom(": ", ": ", ": ", ":", " : ", ""), someValue).map((parts) => parts.join(""));
const message = fc
  .tuple(
    someLine,
    fc.oneof({ arbitrary: fc.constant("Host: a\r\n"), weight: 9 }, { arbitrary: fc.constant(""), weight: 1 }),
    fc.array(someHeader, { maxLength: 8 }),
    bytes(60),
  )
  .map(([line, host, headers, body]) => `${line}\r\n${host}${headers.map((header) => `${header}\r\n`).join("")}\r\n${body}`);

const VALID = [
  "GET /open/x HTTP/1.1\r\nHost: a\r\n\r\n",
  "POST /open/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
  "POST /closed/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "OPTIONS /cors/a/b HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.test\r\nAccess-Control-Request-Method: GET\r\n\r\n",
  "GET /closed/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer bad\r\nAccept: text/plain\r\n\r\nGET /open/y HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET /open/x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
];

/** A valid message with some of its bytes replaced, removed, doubled or cut off. */
const damaged = fc
  .tuple(
    fc.constantFrom(...VALID),
    fc.array(fc.tuple(fc.nat({ max: 400 }), fc.constantFrom("replace", "remove", "insert", "cut", "double"), byte()), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([valid, changes]) =>
    changes.reduce((text, [at, how, character]) => {
      const position = at % Math.max(1, text.length);
      const after = text.slice(position + 1);
      if (how === "cut") return text.slice(0, position);
      if (how === "double") return text.slice(0, position) + text.slice(Math.max(0, position - 20));
      if (how === "insert") return text.slice(0, position) + character + text.slice(position);
      return text.slice(0, position) + (how === "remove" ? "" : character) + after;
    }, valid),
  );

describe("whatever bytes arrive, the process goes on, nothing is a 500, and the next call is served", () => {
  it.each([
    ["made-up messages", message, 1200],
    ["messages that were right until they were damaged", damaged, 1200],
    ["noise", bytes(300), 300],
  ] as const)("after %s", async (_name, arbitrary, numRuns) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (text) => {
        await expectSound(await send(text));
      }),
      { numRuns },
    );
    await expectToServe();
  });

  it("after messages that are broken off by a reset", async () => {
    const cut = fc.tuple(fc.oneof(fc.constantFrom(...VALID), message), fc.nat({ max: 300 }));
    await fc.assert(
      fc.asyncProperty(cut, async ([text, length]) => {
        await new Promise<void>((resolve) => {
          const socket = connect(gateway.server.port, "127.0.0.1", () =>
            socket.write(text.slice(0, length), "latin1", () => socket.resetAndDestroy()),
          );
          socket.on("error", () => undefined);
          socket.on("close", () => resolve());
        });
        await expectSound("");
      }),
      { numRuns: 300 },
    );
    await expectToServe();
  });
});

describe("a message that is too much", () => {
  it.each([
    ["a token of 64 KB", `GET /closed/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${"t".repeat(65_536)}\r\n\r\n`],
    ["a token of 12 KB that is none", `GET /closed/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${"t".repeat(12_000)}\r\n\r\n`],
    ["10,000 headers", `GET /open/x HTTP/1.1\r\nHost: a\r\n${"X-Some-Header: y\r\n".repeat(10_000)}\r\n`],
    ["a target of 1 MB", `GET /open/${"x".repeat(1_000_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ["a line that never ends", "G".repeat(1_000_000)],
  ])("with %s is refused", async (_name, text) => {
    const answer = await send(text);
    expect(answer).toMatch(/^HTTP\/1\.1 (?:4\d\d|501) /);
    expect(backend.requests).toEqual([]);
    await expectSound(answer);
    await expectToServe();
  });

  it("in headers loses none of them: they all arrive, or the message is refused", async () => {
    for (const count of [100, 1999, 2001, 3500]) {
      const answer = await send(`POST /open/x HTTP/1.1\r\nHost: a\r\n${"b:\r\n".repeat(count)}Content-Length: 5\r\n\r\nhello`);
      if (answer.startsWith("HTTP/1.1 200")) {
        expect(backend.requests.map((request) => request.body)).toEqual(["hello"]);
        expect(backend.requests[0]?.headers.filter((name) => name === "b")).toHaveLength(count);
      } else expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      await expectSound(answer);
    }
  });
});

describe("a body that stops", () => {
  it.each([
    ["of a length", "POST /open/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nten bytes."],
    ["in chunks", "POST /open/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\na\r\nten bytes.\r\n"],
    ["of a call that is refused", "POST /closed/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nten bytes."],
    ["of a call to a backend that is away", "POST /dead/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nten bytes."],
  ])("%s, never reaches the backend as a whole one", async (_name, text) => {
    for (const how of ["end", "reset"] as const) {
      const answer = await new Promise<string>((resolve) => {
        let received = "";
        const socket = connect({ port: gateway.server.port, host: "127.0.0.1", allowHalfOpen: true }, () => {
          socket.write(text, "latin1", () => (how === "end" ? socket.end() : socket.resetAndDestroy()));
        });
        socket.setEncoding("latin1");
        socket.on("data", (chunk: string) => {
          received += chunk;
        });
        socket.on("error", () => undefined);
        socket.on("close", () => resolve(received));
      });
      expect(answer).not.toMatch(/^HTTP\/1\.1 [23]/);
      expect(backend.requests).toEqual([]);
      await expectSound(answer);
    }
    await expectToServe();
  });
});
