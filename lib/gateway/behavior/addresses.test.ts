import type { RequestListener } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { startBackend } from "../testing/servers";

type Headers = Record<string, string | string[]>;

describe.each(ADAPTERS)("what a backend says of addresses, through %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let headers: Headers = {};
  let status = 200;

  const answer: RequestListener = (_, outgoing) => outgoing.writeHead(status, headers).end("{}");
  const deploy = (base = "/v2") => gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin + base } } })]);
  const callWith = async (sent: Headers, { target = "/orders/go", code = 200, own = [] as string[] } = {}) => {
    headers = sent;
    status = code;
    return gateway.call(target, { headers: own });
  };

  beforeAll(async () => {
    backend = await startBackend(answer);
    // The test itself is the proxy that is trusted.
    gateway = await startGateway(adapter, { trustsProxy: () => trusted });
    await deploy();
  });
  afterAll(() => Promise.all([backend.close(), gateway.close()]));
  let trusted = false;

  it("leads redirects and new things to where clients find them", async () => {
    const prefix = `${gateway.mount}/orders`;
    const { origin } = backend;
    expect((await callWith({ location: `${origin}/v2/items/` }, { code: 302 })).headers.location).toBe(`${prefix}/items/`);
    const created = await callWith(
      {
        location: "/v2/items/8",
        "content-location": `${origin}/v2/items/8`,
        link: `<${origin}/v2/items?page=2>; rel="next"`,
        refresh: `1; url=${origin}/v2/a`,
      },
      { code: 201 },
    );
    expect(created.headers).toMatchObject({
      location: `${prefix}/items/8`,
      "content-location": `${prefix}/items/8`,
      link: `<${prefix}/items?page=2>; rel="next"`,
      refresh: `1; url=${prefix}/a`,
    });
    expect((await callWith({ location: `http://127.0.0.1:${gateway.server.port}/v2/items` }, { code: 307 })).headers.location).toBe(
      `http://127.0.0.1:${gateway.server.port}${prefix}/items`,
    );
  });

  it("uses the public address where the caller did", async () => {
    const own = ["host", "gateway.test"];
    // A second Host header would be refused.
    const reply = await gateway.call("/orders/go", { headers: own });
    expect(reply.status).toBe(400);
    headers = { location: "/v2/items" };
    trusted = true;
    const through = await gateway.call("/orders/go", { headers: ["x-forwarded-host", "gateway.test"] });
    trusted = false;
    expect(through.headers.location).toBe("/gateway/orders/items");
  });

  it("tells the backend what was cut, and believes nobody else about it", async () => {
    backend.calls.length = 0;
    await callWith({}, { own: ["x-forwarded-prefix", "/evil", "X_Forwarded_Prefix", "/evil", "x-forwarded-path", "/evil"] });
    expect(backend.calls[0]?.headers["x-forwarded-prefix"]).toBe(`${gateway.mount}/orders`);
    expect(JSON.stringify(backend.calls[0]?.headers)).not.toContain("evil");
  });

  it("carries on what a trusted proxy cut, in addresses and cookies too, when it can be a prefix", async () => {
    backend.calls.length = 0;
    trusted = true;
    const reply = await callWith({ location: "/v2/items", "set-cookie": "a=1; Path=/v2" }, { own: ["x-forwarded-prefix", "/shop/"] });
    for (const prefix of ["//evil.example", "/a/../b", "shop", "/a;b", "/a b", "/a, /b"])
      await callWith({}, { own: ["x-forwarded-prefix", prefix] });
    trusted = false;
    const cut = `${gateway.mount}/orders`;
    expect(reply.headers.location).toBe(`/shop${cut}/items`);
    expect(reply.headers["set-cookie"]).toEqual([`a=1; Path=/shop${cut}`]);
    expect(backend.calls.map((call) => call.headers["x-forwarded-prefix"])).toEqual([`/shop${cut}`, cut, cut, cut, cut, cut, cut]);
  });

  it("keeps cookies to the API, and leaves out those that are too many or too large", async () => {
    const prefix = `${gateway.mount}/orders`;
    const reply = await callWith({
      "set-cookie": ["sid=1; Path=/v2; HttpOnly", "root=1; Path=/", "none=1", "dom=1; Path=/v2; Domain=127.0.0.1"],
    });
    expect(reply.headers["set-cookie"]).toEqual([
      `sid=1; HttpOnly; Path=${prefix}`,
      `root=1; Path=${prefix}`,
      "none=1",
      `dom=1; Path=${prefix}`,
    ]);
    const flood = await callWith({
      "set-cookie": [`large=${"x".repeat(5000)}`, ...Array.from({ length: 100 }, (_, index) => `c${index}=1; Path=/`)],
    });
    expect(flood.headers["set-cookie"]).toHaveLength(50);
    expect(gateway.ports.records.at(-1)).toMatchObject({ status: 200, reason: "51 cookies of the backend were left out." });
  });

  it.each([
    ["too many header fields", () => Object.fromEntries(Array.from({ length: 260 }, (_, index) => [`x-${index}`, "1"]))],
    ["header fields that are too large", () => ({ "x-large": "x".repeat(70_000) })],
  ])("answers 502 with an id to %s", async (_, sent) => {
    const reply = await callWith(sent());
    expect(reply.status).toBe(502);
    expect(JSON.parse(reply.body)).toMatchObject({ http_status_code: 502, error: "BACKEND_HEADERS_TOO_LARGE" });
    expect(reply.headers["x-request-id"]).toMatch(/./);
    expect(gateway.ports.records.at(-1)).toMatchObject({ code: "BACKEND_HEADERS_TOO_LARGE", requestId: reply.headers["x-request-id"] });
    expect((await callWith({ "x-large": "x".repeat(12_000) })).status).toBe(200);
  });
});
