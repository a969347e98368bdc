import { afterAll, beforeAll, expect, it } from "vitest";
import { readExposition, seriesOf } from "@/lib/gateway/testing/exposition";
import { startGatewright } from "@/lib/testing/start-gatewright";

const TOKEN = "integration-test-management-token";
const METRICS_TOKEN = "integration-test-metrics-token";
let console_: Awaited<ReturnType<typeof startGatewright>>;

beforeAll(async () => {
  console_ = await startGatewright({ env: { GATEWRIGHT_ADMIN_TOKEN: TOKEN, GATEWRIGHT_METRICS_TOKEN: METRICS_TOKEN } });
}, 180_000);
afterAll(() => console_?.stop(), 60_000);

const get = (path: string, token?: string, headers: Record<string, string> = {}) =>
  fetch(console_.url + path, { headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers } });

async function manage(path: string, body: unknown): Promise<{ id?: string; number?: number }> {
  const response = await fetch(`${console_.url}/api/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(201);
  return response.json();
}

it("shows metrics only with the metrics token or a management token", async () => {
  expect((await get("/metrics", METRICS_TOKEN)).status).toBe(200);
  expect((await get("/metrics", TOKEN)).status).toBe(200);
  for (const token of [undefined, "", "wrong", `${TOKEN}x`]) {
    const refused = await get("/metrics", token);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toMatch(/^Bearer realm="metrics"/);
    expect(await refused.text()).toContain("GATEWRIGHT_METRICS_TOKEN");
  }
});

it("counts the calls of the embedded gateway, by API and by step", async () => {
  const { id = "" } = await manage("/apis", {
    name: "Counted",
    version: "1.0.0",
    contextPath: "/counted",
    endpoints: { production: { url: `${console_.url}/samples/echo` } },
    resources: [{ name: "as", type: "oauth2-builtin", config: { server: "default" } }],
    flows: [
      {
        name: "Private",
        match: { path: "/private" },
        request: [{ policy: "oauth2", name: "Require a token", config: { resource: "as" } }],
      },
    ],
  });
  const { number } = await manage(`/apis/${id}/deployments`, { label: "first" });
  await (await get("/gateway/counted/open")).text();
  await (await get("/gateway/counted/private")).text();

  const response = await get("/metrics", METRICS_TOKEN);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const samples = readExposition(await response.text());
  const requests = seriesOf(samples, "gatewright_requests_total");
  expect(requests[`api=${id},method=GET,status=200`]).toBe(1);
  expect(requests[`api=${id},method=GET,status=401`]).toBe(1);
  expect(seriesOf(samples, "gatewright_refusals_total")).toEqual({ [`api=${id},code=OAUTH2_MISSING_HEADER`]: 1 });
  expect(seriesOf(samples, "gatewright_step_outcomes_total")).toEqual({
    [`api=${id},flow=Private,name=Require a token,outcome=answered,phase=request,policy=oauth2`]: 1,
  });
  expect(seriesOf(samples, "gatewright_backend_duration_seconds_count")[`api=${id}`]).toBe(1);
  expect(seriesOf(samples, "gatewright_deployment_number")[`api=${id}`]).toBe(number);
  expect(seriesOf(samples, "gatewright_ready")).toEqual({ "": 1 });
  expect(seriesOf(samples, "gatewright_dependency_up")).toEqual({ "dependency=postgres": 1 });
});

it("logs each request with the ID from the response, without its token", async () => {
  const secret = "a-token-that-no-log-may-have";
  const reply = await get(`/gateway/counted/private?access_token=${secret}`, secret);
  const id = reply.headers.get("x-request-id") ?? "";
  expect(id).not.toBe("");
  await expect.poll(() => console_.output(), { timeout: 10_000 }).toContain(id);
  const line = console_
    .output()
    .split("\n")
    .find((one) => one.includes(id));
  expect(JSON.parse(line ?? "{}")).toMatchObject({
    msg: "call",
    requestId: id,
    path: "/counted/private",
    status: 400,
    code: "OAUTH2_INVALID_REQUEST",
    answeredBy: "oauth2",
    reason: expect.stringMatching(/\S/),
  });
  expect(console_.output()).not.toContain(secret);
});
