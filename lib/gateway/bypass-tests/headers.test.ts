import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startBackend } from "../testing/servers";
import type { RealBackend } from "./backends";
import { type Guard, type GuardedGateway, startGuarded } from "./guarded";

const OPEN: Guard = { name: "open", base: "", definition: { flows: [] } };
const CLOSED: Guard = {
  name: "closed",
  base: "",
  definition: {
    flows: [{ match: { path: "/", operator: "startsWith", methods: [] }, request: [{ policy: "oauth2", config: { resource: "as" } }] }],
  },
};

let backend: RealBackend & Awaited<ReturnType<typeof startBackend>>;
let guarded: GuardedGateway;

beforeAll(async () => {
  backend = Object.assign(await startBackend(), { name: "backend" });
  guarded = await startGuarded([backend], [OPEN, CLOSED]);
});
afterAll(async () => {
  await guarded?.close();
  await backend.close();
});
beforeEach(() => {
  backend.calls.length = 0;
});

const open = () => guarded.contextPath(backend, OPEN);
const closed = () => guarded.contextPath(backend, CLOSED);

/** What the backend got under names that somebody may fold together with this one. */
const seen = (name: string) => {
  const [call] = backend.calls;
  const values: string[] = [];
  for (let index = 0; index < (call?.rawHeaders.length ?? 0); index += 2) {
    if (call?.rawHeaders[index]?.toLowerCase().replace(/[^a-z0-9]/g, "-") === name) values.push(call.rawHeaders[index + 1] ?? "");
  }
  return values;
};

/** Spellings of a name: its case, and for - everything that a name may have besides letters and digits. */
const spelled = (name: string) =>
  fc
    .tuple(...[...name].map((letter) => fc.constantFrom(...(letter === "-" ? "-_.~+|!#$%&'*^`" : [letter, letter.toUpperCase()]))))
    .map((letters) => letters.join(""));

describe("identity headers", () => {
  const names = ["x-gatewright-client-id", "x-gatewright-subject", "x-gatewright-scopes", "x-gatewright-anything", "x-request-id"];
  const forged = fc
    .tuple(fc.constantFrom(...names).chain(spelled), fc.constantFrom(":", ": ", ":\t"), fc.constantFrom("forged", "forged, forged", ""))
    .map((parts) => parts.join(""));

  it("that a caller sends never reach the backend, however they are spelled and repeated", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(forged, { minLength: 1, maxLength: 6 }), async (lines) => {
        backend.calls.length = 0;
        const reply = await guarded.client.get(`${open()}/x`, lines);
        expect(reply.status).toBe(200);
        expect(JSON.stringify(backend.calls[0]?.rawHeaders)).not.toContain("forged");
        for (const name of names.slice(0, 4)) expect(seen(name)).toEqual([]);
        expect(seen("x-request-id")).toHaveLength(1);
      }),
      { numRuns: 800 },
    );
  });

  it("that the gateway sets cannot be taken away by naming them in Connection", async () => {
    await guarded.client.get(`${closed()}/x`, ["Authorization: Bearer good"]);
    const expected = names.slice(0, 4).map((name) => seen(name));
    expect(expected.slice(0, 2)).toEqual([["shop"], ["alice"]]);
    backend.calls.length = 0;
    const reply = await guarded.client.get(`${closed()}/x`, [
      "Authorization: Bearer good",
      "Connection: keep-alive, X-Gatewright-Subject, x-gatewright-client-id, x-request-id, x-forwarded-for",
      "X-Gatewright-Subject: forged",
    ]);
    expect(reply.status).toBe(200);
    expect(names.slice(0, 4).map((name) => seen(name))).toEqual(expected);
    expect(seen("x-request-id")).toHaveLength(1);
    expect(seen("x-forwarded-for")).toEqual(["127.0.0.1"]);
  });

  it("that Connection names are gone, and what is needed to read the message is not", async () => {
    const reply = await guarded.client.send(
      `POST ${open()}/x HTTP/1.1\r\nHost: a\r\nConnection: content-length, host, transfer-encoding, x-secret, cookie\r\nX-Secret: 1\r\nCookie: a=b\r\nContent-Length: 5\r\n\r\nhello`,
    );
    expect(reply.status).toBe(200);
    expect(backend.calls).toMatchObject([{ method: "POST", body: "hello" }]);
    expect([seen("x-secret"), seen("cookie"), seen("host")]).toEqual([[], [], [`127.0.0.1:${backend.port}`]]);
  });
});

describe("a token", () => {
  it.each([
    [["Connection: authorization", "Authorization: Bearer good"], 401],
    [["Authorization: Bearer good", "Authorization: Bearer good"], 400],
    [["Authorization: Bearer bad", "authorization: Bearer good"], 400],
    [["Authorization: Basic YTpi", "Authorization: Bearer good"], 400],
    [["Authorization:", "Authorization: Bearer good"], 400],
    [["Authorization : Bearer good"], 400],
    [["Authorization: Bearer good, Bearer good"], 400],
    [["Authorization: Bearer\u00a0good"], 400],
    [["Authorization:\r\n Bearer good"], 400],
    [["Proxy-Authorization: Bearer good"], 401],
    [["X-Authorization: Bearer good"], 401],
    [["X-Original-Authorization: Bearer good"], 401],
    [["X-Forwarded-Authorization: Bearer good"], 401],
    [["HTTP_AUTHORIZATION: Bearer good"], 401],
    [["Authorization_: Bearer good"], 401],
    [["Cookie: access_token=good; authorization=Bearer good"], 401],
    [["X-Gatewright-Client-Id: shop", "X-Gatewright-Subject: alice", "X-Gatewright-Scopes: all"], 401],
  ])("sent as %j is not taken for one, and the backend is not called", async (lines, status) => {
    const reply = await guarded.client.get(`${closed()}/x?access_token=good`, lines);
    expect(reply.status).toBe(status);
    expect(backend.calls).toHaveLength(0);
  });

  it("is not passed on, under no name that folds to its own", async () => {
    const reply = await guarded.client.get(`${closed()}/x`, ["Authorization: Bearer good"]);
    expect(reply.status).toBe(200);
    expect(JSON.stringify(backend.calls)).not.toContain("Bearer");
  });
});

describe("a host", () => {
  it.each([
    [["Host: a", "Host: b"], 400],
    [["Host: a", "Host: a"], 400],
    [[], 400],
    [["Host : a"], 400],
    [["Host: a", "Host_: b"], 401],
    [["Host: evil.test"], 401],
    [["Host:"], 401],
    [["Host: 127.0.0.1/open"], 400],
    [["Host: a", "X-Forwarded-Host: evil.test", "X-Host: evil.test", "X-Forwarded-Server: evil.test", "Forwarded: host=evil.test"], 401],
  ])("sent as %j decides nothing about the flow that is run", async (lines, status) => {
    const reply = await guarded.client.send(`GET ${closed()}/x HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`);
    expect(reply.status).toBe(status);
    expect(reply.text).not.toContain("evil.test");
    expect(backend.calls).toHaveLength(0);
  });

  it("in the target is as little believed as the one in the header, and the backend gets its own", async () => {
    for (const authority of ["http://evil.test", "HTTPS://evil.test:1", "http://a@evil.test"]) {
      expect((await guarded.client.get(`${authority}${closed()}/x`)).status).toBe(401);
    }
    expect(backend.calls).toHaveLength(0);
    expect(
      (await guarded.client.get(`http://evil.test${open()}/x`, ["X-Forwarded-Host: evil.test", "X_Forwarded_Host: evil.test"])).status,
    ).toBe(200);
    expect(seen("host")).toEqual([`127.0.0.1:${backend.port}`]);
    expect(JSON.stringify(backend.calls)).not.toContain("evil.test");
  });
});
