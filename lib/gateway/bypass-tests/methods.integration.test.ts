import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  MARKER,
  METHOD_HEADERS,
  REWRITING_HEADERS,
  type RealBackend,
  startExpress,
  startExpressThatRewrites,
  startFastify,
} from "./backends";
import { type GuardedGateway, isProtected, METHOD_GUARD, startGuarded } from "./guarded";
import { startNginx } from "./nginx";
import { RawClient } from "./raw-client";

const NAMES = ["Express", "Fastify", "nginx", "Express that rewrites"];
let backends: RealBackend[] = [];
let guarded: GuardedGateway;

const backendCalled = (name: string): RealBackend => {
  const found = backends.find((backend) => backend.name === name);
  if (!found) throw new Error(`There is no backend called ${name}.`);
  return found;
};

beforeAll(async () => {
  backends = await Promise.all([startExpress(), startFastify(), startNginx(process.env.NGINX_PATH), startExpressThatRewrites()]);
  guarded = await startGuarded(backends, [METHOD_GUARD]);
});
afterAll(async () => {
  await Promise.all([guarded?.close(), ...backends.map((backend) => backend.close())]);
});

const LISTABLE = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const UNLISTABLE = [
  "TRACE",
  "PROPFIND",
  "MKCOL",
  "LOCK",
  "COPY",
  "MOVE",
  "REPORT",
  "SEARCH",
  "PURGE",
  "M-SEARCH",
  "QUERY",
  "LINK",
  "CONNECT",
  "SOURCE",
];

/** Spellings of a name: its case, and _ for -. */
const spelled = (name: string) =>
  fc
    .tuple(...[...name].map((letter) => fc.constantFrom(...(letter === "-" ? ["-", "-", "_"] : [letter, letter.toUpperCase()]))))
    .map((letters) => letters.join(""));

const method = fc.oneof(
  { arbitrary: fc.constantFrom(...LISTABLE), weight: 8 },
  { arbitrary: fc.constantFrom(...UNLISTABLE), weight: 3 },
  {
    arbitrary: fc.constantFrom(
      "get",
      "Get",
      "pOST",
      "delete",
      "GET,POST",
      "GE\tT",
      "DELETE\u00a0",
      "_",
      "G%45T",
      "HEAD,GET",
      "POST;",
      "\u0000GET",
    ),
    weight: 2,
  },
  { arbitrary: fc.stringMatching(/^[A-Z-]{1,9}$/), weight: 1 },
);

const override = fc.tuple(
  fc.constantFrom(...METHOD_HEADERS, "x-http-method_override", "x-requested-method", "_method", "x-http-verb").chain(spelled),
  fc.constantFrom(":", ": ", ":\t", ":  "),
  fc.constantFrom(...LISTABLE, "delete", "DELETE, POST", "PROPFIND", " GET"),
);
const target = fc.tuple(
  fc.constantFrom("/writes", "/reads", "/removals"),
  fc.constantFrom("", "/"),
  fc.constantFrom("", "?_method=DELETE", "?_method=GET", "?X-HTTP-Method-Override=DELETE", "?_METHOD=put&_method=delete"),
);
const body = fc.constantFrom("", "_method=DELETE", '{"_method":"DELETE"}');

describe.each(NAMES)("without a token, no way to name a method reaches what is protected on %s", (name) => {
  it("when flows list methods", async () => {
    const contextPath = guarded.contextPath(backendCalled(name), METHOD_GUARD);
    await fc.assert(
      fc.asyncProperty(
        method,
        fc.array(override, { maxLength: 3 }),
        target,
        body,
        async (verb, overrides, [area, slash, query], content) => {
          const lines = overrides.map(([header, colon, value]) => `${header}${colon}${value}`);
          if (content !== "") lines.push("Content-Type: application/x-www-form-urlencoded", `Content-Length: ${content.length}`);
          const head = `${verb} ${contextPath}${area}${slash}${query} HTTP/1.1\r\nHost: gateway.test\r\n`;
          const reply = await guarded.client.send(`${head}${lines.map((line) => `${line}\r\n`).join("")}\r\n${content}`);
          expect(isProtected(reply)).toBe(false);
          // What comes after a method that was refused must not be taken for an answer to the next call.
          if (verb === "CONNECT") guarded.client.close();
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("and methods that flows cannot list get 405 where flows list methods", async () => {
    const contextPath = guarded.contextPath(backendCalled(name), METHOD_GUARD);
    for (const verb of ["PROPFIND", "MKCOL", "LOCK", "TRACE", "QUERY", "PURGE"]) {
      expect((await guarded.client.get(`${contextPath}/reads`, [], verb)).status, verb).toBe(405);
    }
  });

  it("and a token opens what the same call without it does not, so the backend is there", async () => {
    const contextPath = guarded.contextPath(backendCalled(name), METHOD_GUARD);
    const calls = [
      ["POST", "/writes"],
      ["DELETE", "/writes"],
      ["GET", "/reads"],
      ["HEAD", "/reads"],
      ["DELETE", "/removals"],
    ] as const;
    for (const [verb, path] of calls) {
      expect((await guarded.client.get(contextPath + path, ["Authorization: Bearer good"], verb)).text).toContain(MARKER);
      expect((await guarded.client.get(contextPath + path, [], verb)).status, `${verb} ${path}`).toBe(401);
    }
    expect((await guarded.client.get(`${contextPath}/writes`)).status).toBe(200);
    expect((await guarded.client.get(`${contextPath}/reads`, ["Content-Length: 0"], "POST")).status).toBe(200);
  });
});

describe("headers that would choose another path or method", () => {
  it("work where they are sent straight to such a backend", async () => {
    for (const name of REWRITING_HEADERS) {
      const client = new RawClient(backendCalled("Express that rewrites").port);
      expect(isProtected(await client.get("/public/x", [`${name}: /private`])), name).toBe(true);
      client.close();
    }
    for (const name of METHOD_HEADERS) {
      const client = new RawClient(backendCalled("Express").port);
      expect(
        isProtected(await client.send(`POST /removals HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n${name}: DELETE\r\n\r\n`)),
        name,
      ).toBe(true);
      client.close();
    }
  });

  it("do not get through the gateway, however they are spelled", async () => {
    const contextPath = guarded.contextPath(backendCalled("Express that rewrites"), METHOD_GUARD);
    const header = fc.constantFrom(...REWRITING_HEADERS).chain(spelled);
    const value = fc.constantFrom("/private", "/reads", "/private/secret", "/removals", "/t/acme/private");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(header, value), { minLength: 1, maxLength: 3 }),
        fc.constantFrom("", "Connection: x-original-url"),
        async (headers, connection) => {
          const lines = headers.map(([name, path]) => `${name}: ${path}`);
          if (connection !== "") lines.push(connection);
          const reply = await guarded.client.get(`${contextPath}/public/x`, lines);
          expect(isProtected(reply)).toBe(false);
          expect(reply.status).toBe(200);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
