import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Express, type Request, type Response } from "express";
import fastify from "fastify";

/** What every answer from a protected handler carries, in a header and in the body. No request contains it. */
export const MARKER = "marker-of-the-protected-thing-5f0c";

/**
 * The areas that are protected, without the leading slash. Beside `private`, `tasks` has the two letters that case
 * folding beyond ASCII reaches (the Kelvin sign and the long s), and the third has a segment that the flow calls `:tenant`.
 */
export const PROTECTED = ["private", "tasks", "t/acme/private"] as const;

/** Where else the protected areas stand: backends whose URL has a path of its own. */
export const BASE = "/app";

/** A backend on a free port of the loopback. */
export interface RealBackend {
  name: string;
  port: number;
  origin: string;
  close(): Promise<void>;
}

/** The areas in which the method decides, with the methods that their protected handlers answer. */
const METHOD_AREAS: Readonly<Record<string, (method: string) => boolean>> = {
  writes: (method) => !["GET", "HEAD", "OPTIONS"].includes(method),
  reads: (method) => method === "GET" || method === "HEAD",
  removals: (method) => method === "DELETE",
};

/** The value of a header whose name a backend finds as CGI does: - and _ are one. */
function looseHeader(incoming: IncomingMessage, name: string): string | undefined {
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    if (incoming.rawHeaders[index]?.toLowerCase().replaceAll("_", "-") === name) return incoming.rawHeaders[index + 1];
  }
  return undefined;
}

function answerProtected(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { "content-type": "text/plain", "x-served-by": MARKER }).end(MARKER);
}

function answerOpen(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { "content-type": "text/plain", "x-served-by": "public" }).end("public");
}

/** Serves a listener on a free port. */
export async function listen(name: string, listener: RequestListener): Promise<RealBackend> {
  const server = createServer({ maxHeaderSize: 131_072, insecureHTTPParser: false }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    name,
    port,
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function mountAreas(app: Express): void {
  const secret = (_request: Request, response: Response) => answerProtected(response);
  for (const base of ["", BASE]) {
    app.use(`${base}/private`, secret);
    app.all(`${base}/tasks{/*rest}`, secret);
    app.use(`${base}/t/:tenant/private`, secret);
    app.use(`${base}/public`, (_request, response) => answerOpen(response));
  }
  for (const [area, isProtectedMethod] of Object.entries(METHOD_AREAS)) {
    app.use(`/${area}`, (request, response) => (isProtectedMethod(request.method) ? answerProtected(response) : answerOpen(response)));
  }
}

/** Express with its defaults, which ignore case and a trailing slash. It believes the headers that replace the method. */
export function startExpress(): Promise<RealBackend> {
  const app = express();
  app.use((request, _response, next) => {
    const override = METHOD_HEADERS.map((name) => looseHeader(request, name)).find((value) => value !== undefined);
    if (override !== undefined && request.method === "POST") request.method = override.toUpperCase();
    next();
  });
  mountAreas(app);
  return listen("Express", app);
}

/** Express behind a layer that believes the headers by which some proxies and frameworks hand over the path that counts. */
export function startExpressThatRewrites(): Promise<RealBackend> {
  const app = express();
  app.use((request, _response, next) => {
    const named = REWRITING_HEADERS.map((name) => looseHeader(request, name)).find((value) => value?.startsWith("/"));
    if (named !== undefined) request.url = named;
    next();
  });
  mountAreas(app);
  return listen("Express that rewrites", app);
}

/** Headers by which clients that can only POST name the method that they mean. */
export const METHOD_HEADERS = ["x-http-method-override", "x-http-method", "x-method-override"];

/** Headers in which servers and frameworks have looked for the path or URL that counts. */
export const REWRITING_HEADERS = ["x-original-url", "x-rewrite-url", "x-original-uri", "x-forwarded-uri", "x-forwarded-path"];

/** Fastify with its defaults: it decodes the path before it routes. */
export async function startFastify(): Promise<RealBackend> {
  const app = fastify();
  for (const method of ["PROPFIND", "MKCOL", "LOCK"] as const) app.addHttpMethod(method);
  for (const base of ["", BASE]) {
    for (const area of ["private", "tasks", "t/:tenant/private"]) {
      for (const path of [`${base}/${area}`, `${base}/${area}/*`]) {
        app.all(path, (_request, reply) => reply.header("x-served-by", MARKER).send(MARKER));
      }
    }
    app.all(`${base}/public/*`, (_request, reply) => reply.header("x-served-by", "public").send("public"));
  }
  for (const [area, isProtectedMethod] of Object.entries(METHOD_AREAS)) {
    app.all(`/${area}`, (request, reply) => {
      const served = isProtectedMethod(request.method) ? MARKER : "public";
      return reply.header("x-served-by", served).send(served);
    });
  }
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  return {
    name: "Fastify",
    port,
    origin: `http://127.0.0.1:${port}`,
    async close() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

/** Decodes once. Bytes stay Latin-1 characters, as they are in a target. */
function decodeLeniently(text: string): string {
  return (
    text
      // Overlong forms of the dot, the slash and the backslash, and an escape that only some servers know.
      .replace(/%(?:c0%ae|e0%80%ae)/gi, ".")
      .replace(/%(?:c0%af|e0%80%af)/gi, "/")
      .replace(/%c1%9c/gi, "\\")
      .replace(/%u([0-9a-f]{4})/gi, (_all, code: string) => Buffer.from(String.fromCharCode(Number.parseInt(code, 16))).toString("latin1"))
      .replace(/%([0-9a-f]{2})/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  );
}

/**
 * All readings of a path that some server is known for, one on top of the other: it decodes until nothing changes, cuts
 * off path parameters and what follows a NUL or `#`, turns backslashes, drops control characters, empty segments and dots
 * and spaces at the end of one, resolves dot segments and ignores case.
 */
export function lenientPath(target: string): string {
  let path = (target.replace(/^https?:\/\/[^/]*/i, "").split("?", 1)[0] ?? "").replace(/#.*$/, "");
  for (let round = 0; round < 8; round += 1) {
    const decoded = decodeLeniently(path);
    if (decoded === path) break;
    path = decoded;
  }
  path = Buffer.from(path.replace(/[?#].*$/s, ""), "latin1").toString("utf8");
  const segments: string[] = [];
  for (const raw of path.replaceAll("\\", "/").split("/")) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: dropping control characters is what such servers do.
    const segment = raw.replace(/[;\u0000].*$/s, "").replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".")
      segments.push(
        segment
          .replace(/[. ]+$/, "")
          .toLowerCase()
          .toUpperCase()
          .toLowerCase(),
      );
  }
  return segments.join("/");
}

/** A server that is wrong in every way in which servers have been wrong. */
export function startLenient(): Promise<RealBackend> {
  return listen("a server that reads every spelling", (incoming: IncomingMessage, outgoing) => {
    incoming.resume();
    const path = lenientPath(incoming.url ?? "").replace(/^app\//, "");
    if (/^(?:private|tasks|t\/[^/]+\/private)(?:\/|$)/.test(path)) answerProtected(outgoing);
    else answerOpen(outgoing);
  });
}
