import type { RequestListener } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { captureRawRequests } from "@/lib/console-host/raw-capture";
import { handleRoute } from "@/lib/console-host/route-handler";
import { Caller } from "../http/caller";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { call, rawCall, startBackend, startServer } from "../testing/servers";

describe.each(ADAPTERS)("what passes through %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;

  const deploy = (more: Record<string, unknown> = {}, url = backend.origin) =>
    gateway.gateway.replace([deployed({ endpoints: { production: { url } }, ...more })]);
  const withBackend = async (listener: RequestListener, run: (origin: string) => Promise<void>) => {
    const special = await startServer(listener);
    try {
      await deploy({}, special.origin);
      await run(special.origin);
    } finally {
      await special.close();
    }
  };

  beforeAll(async () => {
    [backend, gateway] = await Promise.all([startBackend(), startGateway(adapter)]);
  });
  afterAll(async () => {
    await Promise.all([backend.close(), gateway.close()]);
  });
  afterEach(() => {
    backend.calls.length = 0;
    gateway.ports.records.length = 0;
  });

  it.each([
    ["/orders/a//b"],
    ["/orders//"],
    ["/orders/./b"],
    ["/orders/../b"],
    ["/orders/%2e%2e/b"],
    ["/orders/.%2E"],
    ["/orders/%252e%252e/b"],
    ["/orders/a%2fb"],
    ["/orders/a%2Fb"],
    ["/orders/a%252fb"],
    ["/orders/a%5cb"],
    ["/orders/a\\b"],
    ["/orders/a%00"],
    ["/orders/a%0d%0ab"],
    ["/orders/%zz"],
    ["/orders/%"],
    ["/orders/%c0%ae"],
    ["/orders/%ff"],
    ["/orders/%ed%a0%80"],
    ["/orders/a;b"],
    ["/orders/a%3bb"],
    ["/orders/a."],
    ["/orders/a%20"],
    ["/orders/a./b"],
    ["/orders/a%2e/b"],
    ["/..;/orders"],
  ])("refuses %s with 400 and calls no backend", async (target) => {
    await deploy();
    const reply = await gateway.call(target);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body).error).toBe("INVALID_REQUEST_TARGET");
    expect(backend.calls).toHaveLength(0);
  });

  it("refuses characters that no URL has", async () => {
    await deploy();
    const answer = await rawCall(gateway.server, `GET ${gateway.mount}/orders/\xe9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(backend.calls).toHaveLength(0);
  });

  it.each([
    ["/orders", "/v2"],
    ["/orders/", "/v2/"],
    ["/orders/items/1?a=1&a=%2f..//", "/v2/items/1?a=1&a=%2f..//"],
    ["/orders/%61%7e%c3%a9", "/v2/a~%C3%A9"],
    ["/orders/a%2Bb+c", "/v2/a%2Bb+c"],
  ])("forwards %s as %s", async (target, url) => {
    await deploy({}, `${backend.origin}/v2`);
    expect((await gateway.call(target)).status).toBe(200);
    expect(backend.calls[0]?.url).toBe(url);
  });

  it("allows ; and %2f where the API does, and only there", async () => {
    await deploy({ paths: { allowSemicolon: true, allowEncodedSlash: true } });
    expect((await gateway.call("/orders/a;v=1/b%2Fc")).status).toBe(200);
    expect(backend.calls[0]?.url).toBe("/a;v=1/b%2Fc");
    expect((await gateway.call("/orders/..;/b")).status).toBe(400);
    expect((await gateway.call("/orders/a%2f..%2fb")).status).toBe(400);
  });

  it("answers 404 as JSON where no API is, and segments decide what is where", async () => {
    await deploy();
    const reply = await gateway.call("/orders-old");
    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.body)).toEqual({ message: "No API is deployed at this path", http_status_code: 404, error: "API_NOT_FOUND" });
    expect((await gateway.call("/")).status).toBe(404);
    expect((await gateway.call("/Orders")).status).toBe(404);
  });

  it("answers 404 to a path that matches a flow only when case is ignored", async () => {
    await deploy({ flows: [{ match: { path: "/Admin/:id" }, request: [] }] });
    expect((await gateway.call("/orders/Admin/1")).status).toBe(200);
    expect((await gateway.call("/orders/aDMIN/1/x")).status).toBe(404);
    expect((await gateway.call("/orders/%61dmin/1")).status).toBe(404);
    expect((await gateway.call("/orders/other")).status).toBe(200);
  });

  it("replaces what only the gateway may say and leaves out what concerns the connection", async () => {
    await deploy();
    const reply = await gateway.call("/orders", {
      headers: [
        "connection",
        "keep-alive, X-Secret",
        "x-secret",
        "1",
        "keep-alive",
        "timeout=5",
        "te",
        "trailers",
        "proxy-authorization",
        "Basic eDp5",
        "x-forwarded-for",
        "6.6.6.6",
        "X_Forwarded_Host",
        "evil",
        "x-forwarded-proto",
        "gopher",
        "forwarded",
        "for=6.6.6.6",
        "x-real-ip",
        "6.6.6.6",
        "x-request-id",
        "mine",
        "x-custom",
        "a",
        "x-custom",
        "b",
        "cookie",
        "a=1; next-auth.session-token=secret; __Secure-next-auth.session-token.0=s; b=2",
        "rsc",
        "1",
        "next-url",
        "/x",
      ],
    });
    expect(reply.status).toBe(200);
    const [seen] = backend.calls;
    const headers: Record<string, unknown> = seen?.headers ?? {};
    const rawHeaders = seen?.rawHeaders ?? [];
    expect(headers.host).toBe(backend.origin.slice("http://".length));
    expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
    expect(headers["x-forwarded-proto"]).toBe("http");
    expect(headers["x-forwarded-host"]).toBe(`127.0.0.1:${gateway.server.port}`);
    expect(headers.forwarded).toBe(`for=127.0.0.1;host="127.0.0.1:${gateway.server.port}";proto=http`);
    expect(headers.via).toBe("1.1 gatewright");
    expect(headers["x-request-id"]).toBe(reply.headers["x-request-id"]);
    expect(headers["x-request-id"]).not.toBe("mine");
    expect(headers.cookie).toBe("a=1; b=2");
    for (const name of ["x-secret", "keep-alive", "te", "proxy-authorization", "x-real-ip", "x_forwarded_host"])
      expect(headers[name]).toBeUndefined();
    expect(rawHeaders.flatMap((item, index) => (item.toLowerCase() === "x-custom" ? [rawHeaders[index + 1]] : []))).toEqual(["a", "b"]);
    expect(headers.rsc).toBe("1");
    expect(headers["next-url"]).toBe("/x");
  });

  it("passes bodies of every kind on, with their length or in chunks", async () => {
    await deploy();
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "GET"]) {
      await gateway.call("/orders", { method, body: "hällo" });
      expect(backend.calls.at(-1)).toMatchObject({ method, body: "hällo" });
      expect(backend.calls.at(-1)?.headers["content-length"]).toBe("6");
    }
    await rawCall(
      gateway.server,
      `POST ${gateway.mount}/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: x-t\r\n\r\n3\r\nabc\r\n0\r\nx-t: 1\r\n\r\n`,
    );
    expect(backend.calls.at(-1)?.body).toBe("abc");
    await gateway.call("/orders", { method: "POST", headers: ["content-length", "0"] });
    expect(backend.calls.at(-1)).toMatchObject({ method: "POST", body: "" });
  });

  it("takes no body in a transfer coding that the backend would not see", async () => {
    await deploy();
    const text = await rawCall(
      gateway.server,
      `POST ${gateway.mount}/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect(backend.calls).toEqual([]);
  });

  it("takes a target in absolute form, whatever host it names", async () => {
    await deploy();
    expect((await gateway.call("/orders/1?x=1")).status).toBe(200);
    for (const authority of ["http://x", "HTTPS://user@other:1"]) {
      const text = await rawCall(
        gateway.server,
        `GET ${authority}${gateway.mount}/orders/1?x=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(text).toMatch(/^HTTP\/1.1 200 /);
    }
    expect(new Set(backend.calls.map(({ url }) => url)).size).toBe(1);
  });

  it("lets no method through that reflects what it was sent", async () => {
    await deploy();
    const refused = await gateway.call("/orders", { method: "TRACE" });
    expect([refused.status, refused.headers.allow]).toEqual([405, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"]);
    expect((await gateway.call("/orders", { method: "PROPFIND" })).status).toBe(200);
    expect(backend.calls.map((seen) => seen.method)).toEqual(["PROPFIND"]);
  });

  it("answers HEAD without a body, from the backend and by itself", async () => {
    await deploy();
    const reply = await gateway.call("/orders", { method: "HEAD" });
    expect([reply.status, reply.body]).toEqual([200, ""]);
    const missing = await gateway.call("/none", { method: "HEAD" });
    expect([missing.status, missing.body]).toEqual([404, ""]);
  });

  it("passes a backend's answer on as it is, without what concerns the connection and the console's cookies", async () => {
    await withBackend(
      (_, outgoing) => {
        outgoing.writeHead(418, [
          "Set-Cookie",
          "a=1",
          "Set-Cookie",
          "next-auth.session-token=evil; Path=/",
          "Set-Cookie",
          "__Host-next-auth.csrf-token.1=evil",
          "Set-Cookie",
          "b=2; HttpOnly",
          "Connection",
          "x-internal, keep-alive",
          "X-Internal",
          "1",
          "X-Request-Id",
          "theirs",
          "Clear-Site-Data",
          '"*"',
          "Content-Security-Policy",
          "default-src *",
          "X-Kept",
          "yes",
        ]);
        outgoing.end("teapot");
      },
      async () => {
        const reply = await gateway.call("/orders");
        expect([reply.status, reply.body]).toEqual([418, "teapot"]);
        expect(reply.headers["set-cookie"]).toEqual([`a=1; Path=${gateway.mount}/orders`, `b=2; HttpOnly; Path=${gateway.mount}/orders`]);
        expect(reply.headers["x-internal"]).toBeUndefined();
        expect(reply.headers["x-kept"]).toBe("yes");
        expect(reply.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
        expect(reply.headers["content-security-policy"]).toBe("default-src *");
      },
    );
  });

  it("passes an encoded body on with its encoding and its length, and lets nothing compress it in between", async () => {
    const { gzipSync } = await import("node:zlib");
    const packed = gzipSync("hello");
    await withBackend(
      (incoming, outgoing) => {
        outgoing
          .writeHead(200, {
            "content-encoding": "gzip",
            "content-length": packed.length,
            vary: "Accept-Encoding",
            "x-accepted": String(incoming.headers["accept-encoding"]),
          })
          .end(packed);
      },
      async () => {
        const reply = await gateway.call("/orders", { headers: ["accept-encoding", "gzip, br"] });
        expect(reply.headers).toMatchObject({
          "content-encoding": "gzip",
          "content-length": String(packed.length),
          vary: "Accept-Encoding",
          "x-accepted": "gzip, br",
        });
      },
    );
  });

  it("streams both ways: each side has the first piece before the other has sent the last", async () => {
    const order: string[] = [];
    await withBackend(
      (incoming, outgoing) => {
        incoming.once("data", () => {
          order.push("backend has the first piece");
          outgoing.writeHead(200, { "content-type": "text/event-stream" });
          outgoing.write("first");
        });
        incoming.on("end", () => outgoing.end("last"));
      },
      async () => {
        const { request } = await import("node:http");
        const body = await new Promise<string>((resolve, reject) => {
          const outgoing = request(
            { host: "127.0.0.1", port: gateway.server.port, path: `${gateway.mount}/orders`, method: "POST", agent: false },
            (incoming) => {
              let text = "";
              incoming.on("data", (chunk: Buffer) => {
                text += chunk.toString();
                if (text === "first") {
                  order.push("caller has the first piece");
                  outgoing.end("two");
                }
              });
              incoming.on("end", () => resolve(text));
            },
          );
          outgoing.on("error", reject);
          outgoing.write("one");
        });
        expect(body).toBe("firstlast");
        expect(order).toEqual(["backend has the first piece", "caller has the first piece"]);
      },
    );
  });

  it("carries a large body whole when the reader is slow", async () => {
    const size = 8 * 1024 * 1024;
    await withBackend(
      (_, outgoing) => {
        outgoing.writeHead(200, { "content-length": size });
        outgoing.end(Buffer.alloc(size, 7));
      },
      async () => {
        const reply = await gateway.call("/orders");
        expect(reply.headers["content-length"]).toBe(String(size));
        expect(reply.body).toHaveLength(size);
      },
    );
  });

  it("cancels the backend's call when the caller goes away, before and during the answer", async () => {
    let closed = 0;
    await withBackend(
      (incoming, outgoing) => {
        outgoing.on("close", () => {
          closed += 1;
        });
        if (incoming.url === "/begun") outgoing.writeHead(200).write("x");
      },
      async () => {
        for (const path of ["/orders/waiting", "/orders/begun"]) {
          const gone = new AbortController();
          const before = closed;
          const pending = fetch(`${gateway.server.origin}${gateway.mount}${path}`, { signal: gone.signal })
            .then((response) => response.text())
            .catch(() => "gone");
          setTimeout(() => gone.abort(), 50);
          expect(await pending).toBe("gone");
          await expect.poll(() => closed).toBe(before + 1);
        }
      },
    );
  });

  it("does not let a backend that breaks off look like one that finished", async () => {
    await withBackend(
      (_, outgoing) => {
        outgoing.writeHead(200);
        outgoing.write("half");
        setTimeout(() => outgoing.destroy(), 20);
      },
      async () => {
        await expect(gateway.call("/orders")).rejects.toThrow();
      },
    );
  });

  it("answers 504 in time, also in the middle of an upload, and 502 when the backend is not there or speaks no HTTP", async () => {
    await withBackend(
      () => undefined,
      async (origin) => {
        await deploy({ endpoints: { production: { url: origin, timeoutMs: 100 } } });
        const reply = await gateway.call("/orders");
        expect(reply.status).toBe(504);
        expect(JSON.parse(reply.body).error).toBe("BACKEND_TIMEOUT");
        expect((await gateway.call("/orders", { method: "POST", body: "x".repeat(3_000_000) })).status).toBe(504);
      },
    );
    await deploy({}, "http://127.0.0.1:9");
    const refused = await gateway.call("/orders", { method: "POST", body: "x".repeat(100_000) });
    expect(refused.status).toBe(502);
    expect(refused.body).not.toContain("127.0.0.1");
    expect(gateway.ports.records.at(-1)?.reason).toContain("ECONNREFUSED");
    const { createServer } = await import("node:net");
    const nonsense = createServer((socket) => socket.end("220 smtp ready\r\n")).listen(0, "127.0.0.1");
    await new Promise((resolve) => nonsense.once("listening", resolve));
    const address = nonsense.address();
    await deploy({}, `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
    expect((await gateway.call("/orders")).status).toBe(502);
    nonsense.close();
  });

  it("answers preflights without a token, and adds CORS headers to every answer", async () => {
    const cors = {
      enabled: true,
      allowOrigins: ["https://shop.example", "https://*.shop.example"],
      allowMethods: ["GET", "PUT"],
      allowHeaders: ["Authorization"],
      exposeHeaders: ["x-request-id"],
      allowCredentials: true,
    };
    const resources = [{ name: "own", type: "oauth2-builtin", config: {} }];
    await deploy({ cors, resources, flows: [{ request: [{ policy: "oauth2", config: { resource: "own" } }] }] });
    const preflight = (origin: string, method = "PUT", headers = "authorization") =>
      gateway.call("/orders/1", {
        method: "OPTIONS",
        headers: ["origin", origin, "access-control-request-method", method, "access-control-request-headers", headers],
      });
    const allowed = await preflight("https://a.shop.example");
    expect(allowed.status).toBe(204);
    expect(allowed.headers).toMatchObject({
      "access-control-allow-origin": "https://a.shop.example",
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, PUT",
      "access-control-allow-headers": "Authorization",
      "access-control-max-age": "600",
      vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    });
    for (const refused of [
      preflight("https://a.b.shop.example"),
      preflight("https://evilshop.example"),
      preflight("null"),
      preflight("https://shop.example", "DELETE"),
      preflight("https://shop.example", "GET", "x-other"),
    ]) {
      const reply = await refused;
      expect(reply.status).toBe(403);
      expect(reply.headers["access-control-allow-origin"]).toBeUndefined();
    }
    const denied = await gateway.call("/orders", { headers: ["origin", "https://shop.example"] });
    expect(denied.status).toBe(401);
    expect(denied.headers).toMatchObject({
      "access-control-allow-origin": "https://shop.example",
      "access-control-expose-headers": "x-request-id, WWW-Authenticate",
      vary: "Origin",
    });
    expect(backend.calls).toHaveLength(0);
  });

  it("transforms headers: removes, then sets, then appends, on the way there and back", async () => {
    const config = {
      remove: ["x-a"],
      set: [
        { name: "x-a", value: "set" },
        { name: "x-b", value: "set" },
      ],
      append: [{ name: "x-a", value: "appended" }],
    };
    const back = { remove: ["content-type"], set: [{ name: "x-done", value: "1" }], append: [] };
    await deploy({
      flows: [{ request: [{ policy: "transform-headers", config }], response: [{ policy: "transform-headers", config: back }] }],
    });
    const reply = await gateway.call("/orders", { headers: ["x-a", "caller", "X-B", "caller"] });
    expect(backend.calls[0]?.headers).toMatchObject({ "x-a": "set, appended", "x-b": "set" });
    expect(reply.headers["x-done"]).toBe("1");
    expect(reply.headers["content-type"]).toBeUndefined();
  });

  it("runs response steps for the backend's answers only, and traces what each step did", async () => {
    const flows = [
      {
        name: "A",
        request: [
          { policy: "transform-headers", enabled: false, config: {} },
          { policy: "oauth2", name: "Token", config: { resource: "own" } },
          { policy: "transform-headers", config: {} },
        ],
        response: [{ policy: "transform-headers", config: { set: [{ name: "x-step", value: "1" }] } }],
      },
    ];
    await deploy({ resources: [{ name: "own", type: "oauth2-builtin", config: {} }], flows });
    const trace: import("../exchange").TraceEntry[] = [];
    const matches: unknown[] = [];
    const answer = await gateway.gateway.handle({
      method: "GET",
      target: "/orders",
      rawHeaders: [],
      body: null,
      peerAddress: "::1",
      caller: new Caller(),
      trace,
      onMatched: (match) => matches.push(match),
    });
    expect(answer.status).toBe(401);
    expect(answer.rawHeaders).not.toContain("x-step");
    expect(trace.map(({ phase, name, outcome }) => `${phase} ${name} ${outcome}`)).toEqual([
      "request Transform headers skipped",
      "request Token answered",
      "request Transform headers skipped",
      "response Transform headers skipped",
    ]);
    expect(matches).toMatchObject([{ apiId: "api_1", flow: "A" }]);
  });

  it("skips disabled flows and steps", async () => {
    const step = { policy: "oauth2", config: { resource: "own" } };
    await deploy({
      resources: [{ name: "own", type: "oauth2-builtin", config: {} }],
      flows: [{ enabled: false, request: [step] }, { request: [{ ...step, enabled: false }] }],
    });
    expect((await gateway.call("/orders")).status).toBe(200);
  });
});

describe("the embedded gateway", () => {
  it("sandboxes what it passes on, and keeps what acts on the whole origin to itself", async () => {
    const gateway = await startGateway("route-handler", { sharesConsoleOrigin: true });
    const backend = await startServer((_, outgoing) => {
      outgoing
        .writeHead(200, {
          "content-security-policy": "sandbox allow-scripts",
          "x-content-type-options": "off",
          "clear-site-data": '"cookies"',
          "service-worker-allowed": "/",
          "strict-transport-security": "max-age=1",
          "secure-session-registration": '(ES256);path="/gateway/orders/start"',
          "sec-session-challenge": '"x"',
          "set-login": "logged-out",
          "use-as-dictionary": 'match="/*"',
        })
        .end("<script>");
    });
    await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin } } })]);
    for (const reply of [await gateway.call("/orders"), await gateway.call("/none")]) {
      expect(reply.headers["content-security-policy"]).toMatch(/(^|, )sandbox$/);
      expect(reply.headers["x-content-type-options"]).toBe("nosniff");
      for (const name of [
        ...["clear-site-data", "service-worker-allowed", "strict-transport-security", "set-login", "use-as-dictionary"],
        ...["secure-session-registration", "sec-session-challenge"],
      ])
        expect(reply.headers[name]).toBeUndefined();
    }
    await Promise.all([backend.close(), gateway.close()]);
  });

  it("refuses every other spelling of its mount point that the framework would take for it", async () => {
    const gateway = await startGateway("route-handler");
    const backend = await startServer((_, outgoing) => outgoing.end("reached"));
    await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin } } })]);
    for (const target of ["/./gateway/orders", "/x/../gateway/orders", "/%2e/gateway/orders", "/gateway\\orders", "\\gateway/orders"])
      expect((await call(gateway.server, target)).status, target).toBe(400);
    await Promise.all([backend.close(), gateway.close()]);
  });

  it("serves no request that the framework makes up itself while it captures those of callers", async () => {
    const gateway = await startGateway("route-handler");
    const backend = await startServer((_, outgoing) => outgoing.end("reached"));
    await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin } } })]);
    const response = await handleRoute(gateway.gateway, new Request("http://framework.invalid/gateway/orders"), "/gateway");
    expect(response.status).toBe(400);
    await Promise.all([backend.close(), gateway.close()]);
  });

  it("leaves the framework no target on which it fails", async () => {
    const gateway = await startGateway("route-handler");
    const framework = await startServer((incoming, outgoing) => outgoing.end(incoming.url));
    const seen = async (target: string, method = "GET") => (await call(framework, target, { method })).body;
    expect(await seen("/api/v1/apis/%E0%A4%A?x=%")).toBe("/api/v1/apis/%25E0%25A4%25A?x=%");
    expect(await seen("*", "OPTIONS")).toBe("/*");
    expect(await seen("http://evil.example/sign-in?x")).toBe("/sign-in?x");
    expect(await seen("/apis/%C3%A4?x=%ff")).toBe("/apis/%C3%A4?x=%ff");
    for (const target of ["/_global-error", "/_global-error/", "/_global-error?x", "/x/../_global-error", "/x/%2e%2e/_global-error"])
      expect(await seen(target), target).toBe("/_not-found");
    await Promise.all([framework.close(), gateway.close()]);
  });

  it("leaves the framework's own headers to its own pages, and there only those that its own client sends", async () => {
    const gateway = await startGateway("route-handler");
    const framework = await startServer((incoming, outgoing) => outgoing.end(JSON.stringify([incoming.headers, incoming.rawHeaders])));
    const own = ["RSC", "Next-Router-State-Tree", "Next-Router-Prefetch", "Next-Router-Segment-Prefetch", "Next-Url"];
    const others = ["Next-Action", "Next-Resume", "x-middleware-prefetch", "x-middleware-subrequest", "x-nextjs-data", "x-matched-path"];
    const headers = [...own, ...others].flatMap((name) => [name, "sent-by-client"]);
    const passed = async (target: string, method = "GET") => {
      const [seen, raw] = JSON.parse((await call(framework, target, { method, headers })).body);
      const names = [...own, ...others].filter((name) => seen[name.toLowerCase()] !== undefined);
      expect(names.length).toBe(raw.filter((text: string) => text === "sent-by-client").length);
      return names;
    };
    for (const target of [
      "/api/v1/apis",
      "/api",
      "/x/../api/v1/apis",
      "/readyz",
      "/healthz?x",
      "/metrics",
      "/samples/hello",
      "/.well-known/x",
    ])
      for (const method of ["GET", "POST", "DELETE"]) expect(await passed(target, method), `${method} ${target}`).toEqual([]);
    for (const target of ["/apis", "/", "/sign-in", "/apidocs", "/readyz-x"]) expect(await passed(target), target).toEqual(own);
    await Promise.all([framework.close(), gateway.close()]);
  });

  it("serves clients that would rather speak another protocol, where the framework would hang up", async () => {
    const endCapture = captureRawRequests([], true);
    const framework = await startServer((_, outgoing) => outgoing.end("served"));
    framework.server.on("upgrade", (_, socket) => socket.destroy());
    const text = await rawCall(
      framework,
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    );
    expect(text).toContain("served");
    endCapture();
    await framework.close();
  });

  it("hands no caller's word for its address or a captured request to the framework", async () => {
    const gateway = await startGateway("route-handler");
    const framework = await startServer((incoming, outgoing) => outgoing.end(JSON.stringify([incoming.headers, incoming.rawHeaders])));
    const reply = await call(framework, "/api/v1/apis", {
      headers: ["x-gatewright-peer", "6.6.6.6", "X_Gatewright_Peer", "6.6.6.6", "x-gatewright-capture", "x", "X.Gatewright.Page", "x"],
    });
    expect(reply.body).not.toContain("6.6.6.6");
    expect(reply.body).not.toMatch(/capture|page/i);
    expect(JSON.parse(reply.body)[0]["x-gatewright-peer"]).toBe("127.0.0.1");
    await Promise.all([framework.close(), gateway.close()]);
  });
});
