import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { startBackend } from "../testing/servers";

/** A policy that uses all of its context, added to those of the folders. */
const probe = await vi.hoisted(async () => {
  const { z } = await import("zod");
  const { describePolicy } = await import("@/lib/definition/describe-policy");
  const { httpUrl, secretField } = await import("@/lib/definition/field-rules");
  /** Decades, so no window ends during a test. */
  const WINDOW_MS = 1_000_000_000_000;
  const schema = z.strictObject({
    url: httpUrl({ title: "URL" }).optional(),
    key: secretField({ title: "Key", required: true, sentTo: ["url"] }),
  });
  const descriptor = describePolicy({
    id: "probe",
    title: "Probe",
    summary: "Reports its context.",
    help: "For tests.",
    category: "security",
    phases: ["request"],
    schema,
    examples: [{ title: "One", config: {} }],
    sentence: () => "Probe",
    requires: () => [{ kind: "credential", name: "a probe" }],
  });
  const policy: import("./contract").Policy = {
    descriptor,
    compile(rawConfig, context) {
      const { url } = schema.parse(rawConfig);
      return {
        async request(exchange) {
          if (exchange.path === "/mock")
            return { status: 203, headers: ["content-type", "text/plain"], body: "mocked", reason: "The path is mocked." };
          if (exchange.path === "/wrong") return { status: 101, reason: "It should not." };
          const { peerAddress, clientAddress, query } = exchange;
          const count = context.counters.local.add(clientAddress, 1, WINDOW_MS).total;
          const shared = context.counters.shared === null ? null : (await context.counters.shared.add("all", 1, WINDOW_MS)).total;
          const answer = url === undefined ? null : await context.fetch(url, { headers: ["x-key", context.secret("key") ?? ""] });
          const seen = { peerAddress, clientAddress, query, count, shared, secret: context.secret("key"), fetched: answer?.text };
          exchange.requestHeaders.push("x-seen", JSON.stringify(seen));
          return undefined;
        },
      };
    },
  };
  return { policy, descriptor };
});
vi.mock("./index", async (original) => ({ policies: [...(await original<typeof import("./index")>()).policies, probe.policy] }));
vi.mock("./schemas", async (original) => ({
  policyDescriptors: [...(await original<typeof import("./schemas")>()).policyDescriptors, probe.descriptor],
}));

const { compileAccess } = await import("../access/access");
const { definition } = await import("../testing/fixtures");

describe.each(ADAPTERS)("a policy's handler, behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  const fetchedKeys: (string | undefined)[] = [];
  const other = createServer((incoming, outgoing) => {
    fetchedKeys.push(String(incoming.headers["x-key"]));
    outgoing.end("pong");
  });
  let url = "";

  beforeAll(async () => {
    backend = await startBackend();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/ping`;
    gateway = await startGateway(adapter, { trustsProxy: (address) => address === "127.0.0.1" });
  });
  afterEach(() => {
    backend.calls.length = 0;
    fetchedKeys.length = 0;
  });
  afterAll(async () => {
    await Promise.all([backend.close(), gateway.close()]);
    other.closeAllConnections();
    other.close();
  });

  const input = (config: Record<string, unknown> = {}) => ({
    endpoints: { production: { url: backend.origin } },
    flows: [
      { match: { path: "/off" }, enabled: false, request: [{ policy: "probe", config: {} }] },
      { request: [{ policy: "probe", config }] },
    ],
  });
  const SECRETS = { "flows/0/request/0/key": "not this one", "flows/1/request/0/key": "s3cret" };
  const seen = () => JSON.parse(String(backend.calls.at(-1)?.headers["x-seen"]));

  it("gets its secret, both addresses, the query, counters, and a fetch", async () => {
    expect(await gateway.gateway.replace([deployed(input({ url }), SECRETS)])).toEqual([]);
    const reply = await gateway.call("/orders/x?a=1", { headers: ["x-forwarded-for", "1.1.1.1, 198.51.100.7"] });
    expect(reply.status).toBe(200);
    const first = seen();
    expect(first).toMatchObject({ clientAddress: "198.51.100.7", query: "?a=1", shared: null, secret: "s3cret", fetched: "pong" });
    expect(first.peerAddress).toContain("127.0.0.1");
    expect(fetchedKeys).toEqual(["s3cret"]);
    // Counters outlive a deployment.
    await gateway.gateway.replace([deployed(input(), SECRETS)]);
    await gateway.call("/orders/x", { headers: ["x-forwarded-for", "198.51.100.7"] });
    expect(seen().count).toBe(first.count + 1);
  });

  it("can return its own response, and an informational status is a failure", async () => {
    await gateway.gateway.replace([deployed(input(), SECRETS)]);
    const reply = await gateway.call("/orders/mock");
    expect([reply.status, reply.body, reply.headers["content-length"]]).toEqual([203, "mocked", "6"]);
    expect((await gateway.call("/orders/mock", { method: "HEAD" })).body).toBe("");
    expect((await gateway.call("/orders/wrong")).status).toBe(500);
    expect(backend.calls).toHaveLength(0);
  });

  it("is not deployed without a secret that it requires", async () => {
    const problems = await gateway.gateway.replace([deployed(input(), { "flows/0/request/0/key": "of another step" }, "api_2")]);
    expect(problems.map(({ message }) => message)).toEqual(["flows[1].request[0].config.key: Key is required."]);
    expect((await gateway.call("/orders/x")).status).toBe(503);
  });

  it("declares its requirements to the access map", () => {
    const access = compileAccess(definition(input()));
    expect(access("GET", "/x")).toMatchObject({
      level: "credential",
      requirements: [{ flow: "startsWith /", step: "Probe", credential: "a probe" }],
    });
  });
});
