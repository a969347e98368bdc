import { type RequestListener, request } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccessRecord, StepRun } from "../ports";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { startBackend, startServer, type TestServer } from "../testing/servers";

const TOKEN = "s3cret-t0ken-that-no-log-may-have";
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const bearer = (token: string) => ["authorization", `Bearer ${token}`];

describe.each(ADAPTERS)("the log of calls through %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let as: IntrospectionServer;
  const others: TestServer[] = [];
  const steps: StepRun[][] = [];

  const withListener = async (listener: RequestListener) => {
    const started = await startServer(listener);
    others.push(started);
    return started.origin;
  };
  const deploy = (more: Record<string, unknown> = {}, step: Record<string, unknown> = {}) =>
    gateway.gateway.replace([
      deployed(
        {
          endpoints: { production: { url: backend.origin } },
          resources: [
            { name: "as", type: "oauth2-introspection", config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw" } },
          ],
          flows: [
            {
              name: "Everything needs a token",
              request: [{ policy: "oauth2", name: "Require a token", config: { resource: "as", ...step } }],
              response: [{ policy: "transform-headers", name: "Hide the server", config: { remove: ["server"] } }],
            },
          ],
          ...more,
        },
        { "resources/as/clientSecret": "secret" },
      ),
    ]);
  const open = { flows: [] };
  const production = (url: string, more: Record<string, unknown> = {}) => ({ ...open, endpoints: { production: { url, ...more } } });
  /** The record is written when the answer is handed over, which the caller may see before. */
  const onlyRecord = async (): Promise<AccessRecord> => {
    await vi.waitFor(() => expect(gateway.ports.records).toHaveLength(1));
    const [record] = gateway.ports.records;
    if (!record) throw new Error("There is no record.");
    return record;
  };
  /** Calls, and leaves as soon as `when` says so. */
  const callAndLeave = (when: "answered" | "sent", reached: Promise<void>) =>
    new Promise<void>((resolve, reject) => {
      const outgoing = request(
        { host: "127.0.0.1", port: gateway.server.port, path: `${gateway.mount}/orders`, agent: false },
        (incoming) => {
          incoming.on("error", () => undefined);
          incoming.once("data", () => outgoing.destroy());
        },
      );
      outgoing.on("error", () => undefined);
      outgoing.on("close", () => resolve());
      outgoing.end();
      if (when === "sent") reached.then(() => outgoing.destroy(), reject);
    });

  beforeAll(async () => {
    [backend, as, gateway] = await Promise.all([startBackend(), startIntrospection(), startGateway(adapter)]);
    const { log } = gateway.ports;
    gateway.ports.log = (record, runs) => {
      steps.push([...runs]);
      log(record, runs);
    };
  });
  afterAll(async () => {
    await Promise.all([backend.close(), as.close(), gateway.close()]);
  });
  beforeEach(async () => {
    as.answers.set(TOKEN, { active: true, client_id: "shop", scope: "orders:read" });
    await gateway.gateway.replace([]);
    expect(await deploy()).toEqual([]);
  });
  afterEach(async () => {
    await Promise.all(others.splice(0).map((other) => other.close()));
    backend.calls.length = 0;
    as.override = null;
    as.answers.clear();
    as.hold = null;
    as.questions.length = 0;
    gateway.ports.records.length = 0;
    steps.length = 0;
  });

  it("says of a served call who called what, and how long policies and the backend took", async () => {
    const reply = await gateway.call("/orders/7?sort=up", { headers: [...bearer(TOKEN), "traceparent", TRACEPARENT] });
    const record = await onlyRecord();
    expect(record).toEqual({
      requestId: reply.headers["x-request-id"],
      method: "GET",
      path: "/orders/7",
      status: 200,
      apiId: "api_1",
      deploymentNumber: expect.any(Number),
      flow: "Everything needs a token",
      clientId: "shop",
      traceId: TRACE,
      durationMs: expect.any(Number),
      policiesMs: expect.any(Number),
      backendMs: expect.any(Number),
    });
    expect(record.policiesMs).toBeGreaterThan(0);
    expect(record.backendMs).toBeGreaterThan(0);
    // Each is rounded to a thousandth by itself.
    expect(record.durationMs + 0.002).toBeGreaterThanOrEqual(record.policiesMs + (record.backendMs ?? 0));
    expect(steps).toEqual([
      [
        expect.objectContaining({ outcome: "ran", step: expect.objectContaining({ phase: "request", name: "Require a token" }) }),
        expect.objectContaining({ outcome: "ran", step: expect.objectContaining({ phase: "response", name: "Hide the server" }) }),
      ],
    ]);
  });

  it("puts the time of a slow authorization server down to the policies, and that of a slow backend to the backend", async () => {
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 60));
    /** If a part were counted twice, the parts would come to more than the whole; each is rounded by itself. */
    const expectParts = ({ durationMs, policiesMs, backendMs = 0 }: AccessRecord) =>
      expect(durationMs + 0.002).toBeGreaterThanOrEqual(policiesMs + backendMs);
    as.hold = vi.waitFor(() => expect(as.questions).toHaveLength(1)).then(pause);
    await gateway.call("/orders", { headers: bearer(TOKEN) });
    const checked = await onlyRecord();
    expect(checked.policiesMs).toBeGreaterThan(50);
    expectParts(checked);
    gateway.ports.records.length = 0;
    as.hold = null;

    const slow = await withListener((_incoming, outgoing) => {
      void pause().then(() => outgoing.end("late"));
    });
    await deploy({ endpoints: { production: { url: slow } } });
    await gateway.call("/orders", { headers: bearer(TOKEN) });
    const waited = await onlyRecord();
    expect(waited.backendMs).toBeGreaterThan(50);
    expectParts(waited);
  });

  it("names the step that answered", async () => {
    await gateway.call("/orders");
    expect(await onlyRecord()).toMatchObject({ status: 401, answeredBy: "oauth2", code: "OAUTH2_MISSING_HEADER" });
    expect(await onlyRecord()).not.toHaveProperty("backendMs", expect.anything());
    expect(steps).toEqual([[expect.objectContaining({ outcome: "answered", step: expect.objectContaining({ policy: "oauth2" }) })]]);
  });

  describe("has a code and a reason for every refusal, under the id that the caller was told:", () => {
    const refusals: [code: string, prepare: () => Promise<unknown>, target: string, options?: Parameters<RunningGateway["call"]>[1]][] = [
      ["INVALID_REQUEST_TARGET", () => deploy(), "/orders/a//b"],
      ["INVALID_REQUEST", () => deploy(), "/orders", { headers: [...bearer(TOKEN), ...bearer(TOKEN)] }],
      ["OAUTH2_MISSING_HEADER", () => deploy(), "/orders"],
      ["OAUTH2_MISSING_ACCESS_TOKEN", () => deploy(), "/orders", { headers: ["authorization", "Bearer"] }],
      ["OAUTH2_INVALID_REQUEST", () => deploy(), "/orders", { headers: ["authorization", `Bearer ${TOKEN} ${TOKEN}`] }],
      ["OAUTH2_INVALID_ACCESS_TOKEN", () => deploy(), "/orders", { headers: bearer(`${TOKEN}-of-nobody`) }],
      ["OAUTH2_INSUFFICIENT_SCOPE", () => deploy({}, { requiredScopes: ["orders:write"] }), "/orders", { headers: bearer(TOKEN) }],
      [
        "OAUTH2_INVALID_SERVER_RESPONSE",
        async () => {
          as.override = { status: 200, body: `{"token":"${TOKEN}"` };
        },
        "/orders",
        { headers: bearer(TOKEN) },
      ],
      [
        "OAUTH2_SERVER_UNAVAILABLE",
        async () => {
          as.override = { status: 503, body: TOKEN };
        },
        "/orders",
        { headers: bearer(TOKEN) },
      ],
      [
        "ENVIRONMENT_NOT_AVAILABLE",
        () => deploy({ endpoints: { sandbox: { url: backend.origin } } }),
        "/orders",
        { headers: bearer(TOKEN) },
      ],
      [
        "CORS_PREFLIGHT_FAILED",
        () => deploy({ cors: { enabled: true, allowOrigins: ["https://shop.example"] } }),
        "/orders",
        { method: "OPTIONS", headers: ["origin", "https://evil.example", "access-control-request-method", "GET"] },
      ],
      ["API_NOT_FOUND", () => deploy(), "/nothing"],
      ["PATH_NOT_FOUND", () => deploy({ flows: [{ match: { path: "/items" } }] }), "/orders/ITEMS"],
      ["METHOD_NOT_ALLOWED", () => deploy({ flows: [{ match: { methods: ["GET"] } }] }), "/orders", { method: "PROPFIND" }],
      ["BACKEND_UNREACHABLE", () => deploy(production("http://127.0.0.1:1")), "/orders"],
      [
        "BACKEND_INVALID_RESPONSE",
        async () => deploy(production(await withListener((incoming) => incoming.socket.end("not HTTP\r\n\r\n")))),
        "/orders",
      ],
      ["BACKEND_TIMEOUT", async () => deploy(production(await withListener(() => undefined), { timeoutMs: 100 })), "/orders"],
      [
        "API_UNAVAILABLE",
        () =>
          gateway.gateway.replace([{ apiId: "api_2", deploymentNumber: 1, definition: { contextPath: "/broken" }, secrets: new Map() }]),
        "/broken",
      ],
      ["LOOP_DETECTED", () => deploy(open), "/orders", { headers: ["via", Array(12).fill("1.1 gatewright").join(", ")] }],
    ];

    it.each(refusals)("%s", async (code, prepare, target, options) => {
      await prepare();
      const reply = await gateway.call(target, options);
      expect(JSON.parse(reply.body || "{}").error).toBe(code);
      const record = await onlyRecord();
      expect(record).toMatchObject({ code, status: reply.status, requestId: reply.headers["x-request-id"] });
      expect(record.reason).toMatch(/\S/);
      expect(JSON.stringify(record)).not.toContain(TOKEN);
    });
  });

  it.each<[where: string, target: string, options: Parameters<RunningGateway["call"]>[1]]>([
    ["the Authorization header", "/orders", { headers: bearer(TOKEN) }],
    ["the query", `/orders?access_token=${TOKEN}`, {}],
    ["the query of a refused target", `/orders//x?access_token=${TOKEN}`, {}],
    ["the query of a target with a bad escape", `/orders/%zz?access_token=${TOKEN}`, {}],
    ["a cookie", "/orders", { headers: ["cookie", `token=${TOKEN}`] }],
    ["other headers", "/orders", { headers: ["x-api-key", TOKEN, "proxy-authorization", `Bearer ${TOKEN}`] }],
    ["a wrong scheme", "/orders", { headers: ["authorization", `Token ${TOKEN}`] }],
    ["traceparent", "/orders", { headers: ["traceparent", TOKEN] }],
    ["the body", "/orders", { method: "POST", headers: bearer(TOKEN), body: `access_token=${TOKEN}` }],
  ])("never has a token that stood in %s", async (_where, target, options) => {
    await gateway.call(target, options);
    await onlyRecord();
    expect(JSON.stringify([gateway.ports.records, steps])).not.toContain(TOKEN);
  });

  it.each([TRACEPARENT, `cc-${TRACE}-00f067aa0ba902b7-00-what-later-versions-add`])(
    "passes traceparent on as it came: %s",
    async (value) => {
      await deploy(open);
      await gateway.call("/orders", { headers: ["traceparent", value, "tracestate", "vendor=1,other=2"] });
      expect(backend.calls[0]?.headers).toMatchObject({ traceparent: value, tracestate: "vendor=1,other=2" });
      expect((await onlyRecord()).traceId).toBe(TRACE);
    },
  );

  it.each([
    "",
    "00",
    `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${TRACE}-00f067aa0ba902b7`,
    `00-${"g".repeat(32)}-00f067aa0ba902b7-01`,
    `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `ff-${TRACE}-00f067aa0ba902b7-01`,
    `${TRACEPARENT}-more`,
    `${TRACEPARENT}0`,
    `01-${TRACE}-00f067aa0ba902b7-01more`,
  ])("has no trace id of a traceparent that is none: %s", async (value) => {
    await deploy(open);
    await gateway.call("/orders", { headers: ["traceparent", value] });
    expect((await onlyRecord()).traceId).toBeUndefined();
  });

  it("says that the backend broke an answer off", async () => {
    const url = await withListener((_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-length": 1000 });
      outgoing.write("a part", () => outgoing.destroy());
    });
    await deploy(production(url));
    await expect(gateway.call("/orders")).rejects.toThrow();
    expect(await onlyRecord()).toMatchObject({ status: 200, cut: "backend" });
  });

  it("says that the caller left in the middle of an answer", async () => {
    const url = await withListener((_incoming, outgoing) => {
      outgoing.writeHead(200).write("a part");
    });
    await deploy(production(url));
    await callAndLeave("answered", Promise.resolve());
    expect(await onlyRecord()).toMatchObject({ status: 200, cut: "caller" });
  });

  it("says that the caller left before there was an answer", async () => {
    let arrived: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await deploy(production(await withListener(() => arrived())));
    await callAndLeave("sent", reached);
    expect(await onlyRecord()).toMatchObject({ status: 499, code: "CALLER_GONE", reason: expect.stringMatching(/\S/) });
  });

  it("says nothing of a cut when a streamed answer was handed over whole, and measures until then", async () => {
    let end: () => void = () => undefined;
    const url = await withListener((_incoming, outgoing) => {
      outgoing.write("one");
      end = () => outgoing.end("two");
    });
    await deploy(production(url));
    const body = await new Promise<string>((resolve, reject) => {
      const options = { host: "127.0.0.1", port: gateway.server.port, path: `${gateway.mount}/orders`, agent: false };
      request(options, (incoming) => {
        let text = "";
        incoming.once("data", () => setTimeout(() => end(), 60));
        incoming.on("data", (chunk: Buffer) => {
          text += chunk.toString();
        });
        incoming.on("end", () => resolve(text));
      })
        .on("error", reject)
        .end();
    });
    expect(body).toBe("onetwo");
    const record = await onlyRecord();
    expect(record.cut).toBeUndefined();
    expect(record.durationMs).toBeGreaterThan((record.backendMs ?? 0) + 50);
  });
});
