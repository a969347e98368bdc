import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeployedApi } from "../ports";
import { deployed } from "../testing/fixtures";
import { type RunningGateway, startGateway } from "../testing/harness";
import { startBackend, startServer } from "../testing/servers";

/** A deployment that says in a response header which one served. */
function marked(origin: string, mark: string, more: Record<string, unknown> = {}, apiId = "api_1"): DeployedApi {
  return deployed(
    {
      endpoints: { production: { url: origin } },
      flows: [{ response: [{ policy: "transform-headers", config: { set: [{ name: "x-mark", value: mark }] } }] }],
      ...more,
    },
    {},
    apiId,
  );
}

/** A deployment whose resource has no secret, so that it cannot be compiled. */
const broken = (origin: string, apiId: string, contextPath: string) =>
  deployed(
    {
      contextPath,
      endpoints: { production: { url: origin } },
      resources: [{ name: "as", type: "oauth2-introspection", config: { introspectionEndpoint: origin, clientId: "gw" } }],
    },
    {},
    apiId,
  );

describe("deployments", () => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;

  beforeAll(async () => {
    backend = await startBackend();
  });
  afterAll(() => backend.close());
  beforeEach(async () => {
    gateway = await startGateway("node-http");
  });
  afterEach(() => gateway.close());

  it("go on running that an earlier version stored with another product's path notation", async () => {
    const { definition, ...rest } = marked(backend.origin, "kept");
    const stored = structuredClone(definition) as { flows: { match: { path: string } }[] };
    stored.flows.push({ ...stored.flows[0], match: { path: "/items/{id}" } });
    await gateway.gateway.replace([{ ...rest, definition: stored }]);
    expect((await gateway.call("/orders/items/5")).headers["x-mark"]).toBe("kept");
  });

  it("swap at once: no call fails under load, and none is served by the old one after replace has resolved", async () => {
    await gateway.gateway.replace([marked(backend.origin, "0")]);
    let mark = 0;
    let done = false;
    let calls = 0;
    const caller = async () => {
      while (!done) {
        const before = mark;
        const reply = await gateway.call("/orders");
        calls += 1;
        expect(reply.status).toBe(200);
        expect(Number(reply.headers["x-mark"])).toBeGreaterThanOrEqual(before);
      }
    };
    const callers = Promise.all([caller(), caller(), caller(), caller()]);
    for (let round = 1; round <= 30; round += 1) {
      await gateway.gateway.replace([marked(backend.origin, String(round))]);
      mark = round;
      await gateway.call("/orders");
    }
    done = true;
    await callers;
    expect(calls).toBeGreaterThan(30);
  });

  it("let a call that is under way end on the deployment it began with, and then close its connections", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let open = 0;
    const slow = await startServer(async (_, outgoing) => {
      await held;
      outgoing.end("late");
    });
    slow.server.on("connection", (socket) => {
      open += 1;
      socket.on("close", () => {
        open -= 1;
      });
    });
    await gateway.gateway.replace([marked(slow.origin, "old")]);
    const pending = gateway.call("/orders");
    await expect.poll(() => open).toBe(1);
    await gateway.gateway.replace([marked(backend.origin, "new")]);
    expect((await gateway.call("/orders")).headers["x-mark"]).toBe("new");
    release();
    const reply = await pending;
    expect([reply.body, reply.headers["x-mark"]]).toEqual(["late", "old"]);
    await expect.poll(() => open).toBe(0);
    await slow.close();
  });

  it("that do not compile are reported, keep the former one, or answer 503; the others are not affected", async () => {
    const first = marked(backend.origin, "first");
    await gateway.gateway.replace([first]);
    const other = marked(backend.origin, "other", { contextPath: "/other" }, "api_2");
    const problems = await gateway.gateway.replace([
      broken(backend.origin, "api_1", "/orders"),
      other,
      broken(backend.origin, "api_3", "/third"),
    ]);
    expect(problems.map((problem) => [problem.apiId, problem.message])).toEqual([
      ["api_1", "The client secret of an authorization server is missing."],
      ["api_3", "The client secret of an authorization server is missing."],
    ]);
    expect((await gateway.call("/orders")).headers["x-mark"]).toBe("first");
    expect((await gateway.call("/other")).status).toBe(200);
    const reply = await gateway.call("/third");
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.body).error).toBe("API_UNAVAILABLE");
    expect(gateway.gateway.running()).toEqual([
      { apiId: "api_1", deploymentNumber: first.deploymentNumber },
      { apiId: "api_2", deploymentNumber: other.deploymentNumber },
    ]);
  });

  it("disappear when they are undeployed, and the longest context path wins", async () => {
    await gateway.gateway.replace([
      marked(backend.origin, "root", { contextPath: "/" }),
      marked(backend.origin, "nested", { contextPath: "/orders/archive" }, "api_2"),
    ]);
    expect((await gateway.call("/orders/archive/1")).headers["x-mark"]).toBe("nested");
    expect((await gateway.call("/orders/archived")).headers["x-mark"]).toBe("root");
    expect((await gateway.call("/")).headers["x-mark"]).toBe("root");
    await gateway.gateway.replace([]);
    expect((await gateway.call("/orders/archive/1")).status).toBe(404);
    expect(gateway.gateway.running()).toEqual([]);
  });

  it("at a context path that another API has are reported, and the one that serves goes on", async () => {
    const serving = marked(backend.origin, "serving", {}, "api_2");
    await gateway.gateway.replace([serving]);
    const problems = await gateway.gateway.replace([marked(backend.origin, "intruder", {}, "api_1"), serving]);
    expect(problems).toMatchObject([{ apiId: "api_1", message: "Another API is already deployed at /orders." }]);
    expect((await gateway.call("/orders")).headers["x-mark"]).toBe("serving");
  });
});
