import { afterAll, beforeAll, expect, test } from "vitest";
import { startGatewright } from "@/lib/testing/start-gatewright";

const TOKEN = "integration-test-management-token";
let console_: Awaited<ReturnType<typeof startGatewright>>;

beforeAll(async () => {
  console_ = await startGatewright({ env: { GATEWRIGHT_ADMIN_TOKEN: TOKEN } });
}, 180_000);
afterAll(() => console_?.stop(), 60_000);

interface Answer {
  status: number;
  headers: Headers;
  // The shape is what each test asserts.
  body: Record<string, unknown> & { id?: string; etag?: string; errors?: { path: string; message: string }[] };
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${console_.url}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text && /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : { text },
  };
}

let counter = 0;
function definition(changes: Record<string, unknown> = {}) {
  counter += 1;
  return {
    name: `API ${counter}`,
    version: "1.0.0",
    contextPath: `/api-${counter}`,
    endpoints: { production: { url: `${console_.url}/samples/echo` } },
    ...changes,
  };
}

async function created(changes: Record<string, unknown> = {}) {
  const answer = await call("POST", "/apis", definition(changes));
  expect(answer.status).toBe(201);
  return { id: String(answer.body.id), etag: String(answer.headers.get("etag")) };
}

const idp = (more: Record<string, unknown> = {}) => ({
  name: "idp",
  type: "oauth2-introspection",
  config: { introspectionEndpoint: "https://idp.example/introspect", clientId: "gateway", ...more },
});

test("without credentials everything is 401, and a wrong token is never replaced by a cookie", async () => {
  const anonymous = await fetch(`${console_.url}/api/v1/apis`);
  const wrong = await fetch(`${console_.url}/api/v1/apis`, { headers: { Authorization: "Bearer wrong" } });
  expect([anonymous.status, wrong.status]).toEqual([401, 401]);
  expect(anonymous.headers.get("content-type")).toContain("application/problem+json");
});

test("a draft is replaced with the ETag that was read, and its ETag changes", async () => {
  const { id } = await created();
  const read = await call("GET", `/apis/${id}/definition`);
  const put = await call(
    "PUT",
    `/apis/${id}/definition`,
    { ...read.body, description: "new" },
    { "If-Match": String(read.headers.get("etag")) },
  );
  expect(put).toMatchObject({ status: 200, body: { description: "new" } });
  expect(put.headers.get("etag")).not.toBe(read.headers.get("etag"));
});

test("a write without If-Match is 428, with an old one 412, and neither changes anything", async () => {
  const { id, etag } = await created();
  const read = await call("GET", `/apis/${id}/definition`);
  expect((await call("PUT", `/apis/${id}/definition`, { ...read.body, description: "mine" })).status).toBe(428);
  await call("PUT", `/apis/${id}/definition`, { ...read.body, description: "theirs" }, { "If-Match": etag });
  expect((await call("PUT", `/apis/${id}/definition`, { ...read.body, description: "mine" }, { "If-Match": etag })).status).toBe(412);
  expect((await call("GET", `/apis/${id}/definition`)).body.description).toBe("theirs");
});

test("two people who save at the same moment: one wins, the other gets 412", async () => {
  const { id, etag } = await created();
  const read = await call("GET", `/apis/${id}/definition`);
  const writes = await Promise.all(
    ["a", "b", "c", "d"].map((description) => call("PUT", `/apis/${id}/definition`, { ...read.body, description }, { "If-Match": etag })),
  );
  expect(writes.map((write) => write.status).sort()).toEqual([200, 412, 412, 412]);
});

test("a context path is taken by a draft of another API, in any case", async () => {
  await created({ contextPath: "/taken" });
  for (const contextPath of ["/taken", "/TAKEN"]) {
    expect(await call("POST", "/apis", definition({ contextPath }))).toMatchObject({
      status: 409,
      body: { errors: [{ path: "contextPath" }] },
    });
  }
});

test("a context path stays taken while an old deployment serves it", async () => {
  const { id } = await created({ contextPath: "/served" });
  await call("POST", `/apis/${id}/deployments`, {});
  const read = await call("GET", `/apis/${id}/definition`);
  await call("PUT", `/apis/${id}/definition`, { ...read.body, contextPath: "/moved" }, { "If-Match": String(read.headers.get("etag")) });
  expect((await call("POST", "/apis", definition({ contextPath: "/served" }))).status).toBe(409);
  await call("POST", `/apis/${id}/deployments`, {});
  expect((await call("POST", "/apis", definition({ contextPath: "/served" }))).status).toBe(201);
});

test("of many creations with one context path at the same moment exactly one wins", async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => call("POST", "/apis", definition({ contextPath: "/race" }))));
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
});

test("a secret is never read back, and what was read can be written back as it is", async () => {
  const { id, etag } = await created({ resources: [idp({ clientSecret: "very-secret" })] });
  const read = await call("GET", `/apis/${id}/definition`);
  const exported = await call("GET", `/apis/${id}/export?format=yaml`);
  expect(JSON.stringify(read.body) + JSON.stringify(exported.body)).not.toContain("very-secret");
  expect((await call("PUT", `/apis/${id}/definition`, read.body, { "If-Match": etag })).status).toBe(200);
  expect((await call("GET", `/apis/${id}`)).body.storedSecrets).toEqual(["resources[0].config.clientSecret"]);
});

test("an introspection endpoint moved to another origin requires the secret again, at its path", async () => {
  const { id, etag } = await created({ resources: [idp({ clientSecret: "very-secret" })] });
  const read = await call("GET", `/apis/${id}/definition`);
  const moved = { ...read.body, resources: [idp({ introspectionEndpoint: "https://evil.example/introspect" })] };
  expect(await call("PUT", `/apis/${id}/definition`, moved, { "If-Match": etag })).toMatchObject({
    status: 400,
    body: { errors: [{ path: "resources[0].config.clientSecret" }] },
  });
});

test("a new secret is an undeployed change", async () => {
  const { id, etag } = await created({ resources: [idp({ clientSecret: "first" })] });
  await call("POST", `/apis/${id}/deployments`, {});
  expect((await call("GET", `/apis/${id}`)).body.undeployedChanges).toBe(false);
  const read = await call("GET", `/apis/${id}/definition`);
  await call("PUT", `/apis/${id}/definition`, { ...read.body, resources: [idp({ clientSecret: "second" })] }, { "If-Match": etag });
  expect((await call("GET", `/apis/${id}`)).body.undeployedChanges).toBe(true);
  expect((await call("GET", `/apis/${id}/changes`)).body.changes).toEqual([
    expect.objectContaining({ sentence: "Resource idp, client secret: replaced" }),
  ]);
});

test("undeployed changes is false again when a change is taken back by hand", async () => {
  const { id, etag } = await created();
  await call("POST", `/apis/${id}/deployments`, {});
  const read = await call("GET", `/apis/${id}/definition`);
  const changed = await call("PUT", `/apis/${id}/definition`, { ...read.body, description: "x" }, { "If-Match": etag });
  expect((await call("GET", `/apis/${id}`)).body.undeployedChanges).toBe(true);
  await call("PUT", `/apis/${id}/definition`, read.body, { "If-Match": String(changed.headers.get("etag")) });
  expect((await call("GET", `/apis/${id}`)).body.undeployedChanges).toBe(false);
});

test("deployments count from one for each API, and a rollback makes a new one", async () => {
  const { id, etag } = await created();
  expect((await call("POST", `/apis/${id}/deployments`, { label: "first" })).body).toMatchObject({
    number: 1,
    label: "first",
    active: true,
  });
  const read = await call("GET", `/apis/${id}/definition`);
  await call("PUT", `/apis/${id}/definition`, { ...read.body, description: "second" }, { "If-Match": etag });
  expect((await call("POST", `/apis/${id}/deployments/1/rollback`, {})).status).toBe(409);
  await call("POST", `/apis/${id}/deployments`, {});
  expect((await call("POST", `/apis/${id}/deployments/1/rollback`, {})).body).toMatchObject({ number: 3, restores: 1 });
  expect((await call("GET", `/apis/${id}/definition`)).body.description).toBe("");
  expect((await call("GET", `/apis/${id}`)).body.undeployedChanges).toBe(false);
});

test("a deploy with an old ETag is 412 and deploys nothing", async () => {
  const { id, etag } = await created();
  const read = await call("GET", `/apis/${id}/definition`);
  await call("PUT", `/apis/${id}/definition`, { ...read.body, description: "newer" }, { "If-Match": etag });
  expect((await call("POST", `/apis/${id}/deployments`, {}, { "If-Match": etag })).status).toBe(412);
  expect((await call("GET", `/apis/${id}/deployments`)).body.items).toEqual([]);
});

test("the first request after a deploy response is served by the new definition", async () => {
  const { id } = await created({ contextPath: "/swap" });
  for (let round = 1; round <= 10; round += 1) {
    const read = await call("GET", `/apis/${id}/definition`);
    const flows = [{ response: [{ policy: "transform-headers", config: { set: [{ name: "x-round", value: String(round) }] } }] }];
    await call("PUT", `/apis/${id}/definition`, { ...read.body, flows }, { "If-Match": String(read.headers.get("etag")) });
    expect((await call("POST", `/apis/${id}/deployments`, {})).status).toBe(201);
    expect((await fetch(`${console_.url}/gateway/swap/x`)).headers.get("x-round")).toBe(String(round));
  }
});

test("redeploying under load fails no request", async () => {
  const { id } = await created({ contextPath: "/load" });
  await call("POST", `/apis/${id}/deployments`, {});
  const statuses: number[] = [];
  let deploying = true;
  const callers = Array.from({ length: 8 }, async () => {
    while (deploying) {
      const response = await fetch(`${console_.url}/gateway/load/x`, { method: "POST", body: "payload" });
      const { body } = (await response.json()) as { body?: string };
      statuses.push(body === "payload" ? response.status : -1);
    }
  });
  for (let round = 1; round <= 10; round += 1) {
    const read = await call("GET", `/apis/${id}/definition`);
    await call(
      "PUT",
      `/apis/${id}/definition`,
      { ...read.body, description: String(round) },
      { "If-Match": String(read.headers.get("etag")) },
    );
    expect((await call("POST", `/apis/${id}/deployments`, {})).status).toBe(201);
  }
  deploying = false;
  await Promise.all(callers);
  expect(statuses.length).toBeGreaterThan(50);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test("the gateway stops serving an undeployed or deleted API immediately", async () => {
  const { id } = await created({ contextPath: "/gone" });
  await call("POST", `/apis/${id}/deployments`, {});
  expect((await fetch(`${console_.url}/gateway/gone`)).status).toBe(200);
  expect((await call("DELETE", `/apis/${id}/deployments/active`)).status).toBe(204);
  expect((await fetch(`${console_.url}/gateway/gone`)).status).toBe(404);
  await call("POST", `/apis/${id}/deployments`, {});
  expect((await call("DELETE", `/apis/${id}`)).status).toBe(204);
  expect((await fetch(`${console_.url}/gateway/gone`)).status).toBe(404);
});

test("an export imports as the same API after the first one is deleted", async () => {
  const { id } = await created({ contextPath: "/roundtrip", description: "as it was" });
  const exported = await call("GET", `/apis/${id}/export?format=yaml`);
  await call("DELETE", `/apis/${id}`);
  const imported = await call("POST", "/apis/import", String(exported.body.text), { "Content-Type": "application/yaml" });
  expect(imported).toMatchObject({ status: 201, body: { contextPath: "/roundtrip", description: "as it was", notCarriedOver: [] } });
});

test("invalid imports return the reason", async () => {
  const send = (text: string) => call("POST", "/apis/import", text, { "Content-Type": "application/yaml" });
  expect(await send("a: [unclosed")).toMatchObject({ status: 400 });
  expect(await send("gatewright: 7\nname: x")).toMatchObject({ status: 400, body: { errors: [{ path: "gatewright" }] } });
  expect(await send(`name: ${"x".repeat(20 * 1024 * 1024)}`)).toMatchObject({ status: 413 });
  expect(await call("POST", "/apis/import?format=kong", "{}")).toMatchObject({ status: 400, body: { errors: [{ path: "format" }] } });
});

test.each(["/apis", "/applications", "/authorization-servers"])(
  "a body for %s that is no JSON, no object or empty is 400, never 500",
  async (path) => {
    for (const body of ["{", "[]", '"text"', "null", "1", '{"__proto__": {"x": 1}}', ""]) {
      const answer = await call("POST", path, body);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    }
  },
);

test("unknown ids and paths are 404 problems", async () => {
  for (const path of [
    "/apis/nope",
    "/apis/nope/definition",
    "/apis/nope/deployments",
    "/applications/nope",
    "/authorization-servers/nope",
    "/nope",
    "/apis/x/y/z",
  ]) {
    expect((await call("GET", path)).status).toBe(404);
  }
});

test("a hostile cursor or limit never causes a 500", async () => {
  for (const query of ["cursor=nope", "cursor=%00", "limit=0", "limit=99999", "limit=x", "cursor='%3Bdrop"]) {
    expect((await call("GET", `/apis?${query}`)).status).toBeLessThan(500);
    expect((await call("GET", `/applications?${query}`)).status).toBeLessThan(500);
  }
});

test("lists continue after the previous page", async () => {
  const seen: string[] = [];
  let cursor: unknown = null;
  do {
    const answer = await call("GET", `/apis?limit=3${cursor ? `&cursor=${cursor}` : ""}`);
    seen.push(...(answer.body.items as { id: string }[]).map((item) => item.id));
    cursor = answer.body.nextCursor;
  } while (cursor);
  const all = await call("GET", "/apis?limit=200");
  expect(seen).toEqual((all.body.items as { id: string }[]).map((item) => item.id));
  expect(new Set(seen).size).toBe(seen.length);
});

test("an application's secret is shown once, and the token it gets is accepted by the API", async () => {
  const application = await call("POST", "/applications", { name: "Shop" });
  expect(application.status).toBe(201);
  const again = await call("GET", `/applications/${application.body.id}`);
  expect(JSON.stringify(again.body)).not.toContain(String(application.body.clientSecret));
  const { id } = await created({
    contextPath: "/guarded",
    resources: [{ name: "as", type: "oauth2-builtin", config: { server: "default" } }],
    flows: [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }],
  });
  await call("POST", `/apis/${id}/deployments`, {});
  const refused = await fetch(`${console_.url}/gateway/guarded`, { headers: { Accept: "application/json" } });
  expect([refused.status, await refused.json()]).toEqual([
    401,
    expect.objectContaining({ message: "No OAuth authorization header was supplied", http_status_code: 401 }),
  ]);
  const basic = Buffer.from(`${application.body.clientId}:${application.body.clientSecret}`).toString("base64");
  const token = await fetch(`${console_.url}/oauth2/default/v1/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${basic}`, "Content-Type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials",
  });
  const { access_token: accessToken } = (await token.json()) as { access_token: string };
  expect((await fetch(`${console_.url}/gateway/guarded`, { headers: { Authorization: `Bearer ${accessToken}` } })).status).toBe(200);
});

test("what the gateway passes on carries the sandbox and none of the console's own headers", async () => {
  const { id } = await created({ contextPath: "/sandboxed" });
  await call("POST", `/apis/${id}/deployments`, {});
  for (const path of ["/gateway/sandboxed/x", "/gateway/nothing-here", "/gateway/sandboxed//x"]) {
    const { headers } = await fetch(`${console_.url}${path}`);
    expect(headers.get("content-security-policy")).toBe("sandbox");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect([headers.get("x-frame-options"), headers.get("referrer-policy"), headers.get("cross-origin-opener-policy")]).toEqual([
      null,
      null,
      null,
    ]);
  }
});

test("the internal path of captured requests isn't served to clients", async () => {
  const { id } = await created({ contextPath: "/embedded-gateway" });
  await call("POST", `/apis/${id}/deployments`, {});
  expect((await fetch(`${console_.url}/embedded-gateway`)).status).toBe(400);
  expect((await fetch(`${console_.url}/gateway/embedded-gateway`)).status).toBe(200);
});

test("try returns a client's response with the deployment, the flow and the trace", async () => {
  const { id } = await created({
    contextPath: "/tried",
    flows: [{ name: "All", response: [{ policy: "transform-headers", config: { set: [{ name: "x-tried", value: "yes" }] } }] }],
  });
  expect((await call("POST", `/apis/${id}/try`, { method: "GET", path: "/a?b=1" })).status).toBe(409);
  await call("POST", `/apis/${id}/deployments`, {});
  const answer = await call("POST", `/apis/${id}/try`, {
    method: "POST",
    path: "/a?b=1",
    headers: { "content-type": "text/plain" },
    body: "hello",
  });
  expect(answer).toMatchObject({
    status: 200,
    body: {
      deployment: 1,
      flow: "All",
      response: { status: 200 },
      trace: [{ phase: "response", policy: "transform-headers", outcome: "ran" }],
    },
  });
  expect(JSON.parse(String((answer.body.response as { body: string }).body))).toMatchObject({
    method: "POST",
    path: "/a",
    query: { b: "1" },
    body: "hello",
  });
});

test("what was done is on the activity list", async () => {
  const { id } = await created();
  const activity = await call("GET", "/activity?limit=5");
  expect(activity.body.items).toContainEqual(expect.objectContaining({ action: "created", targetId: id, actor: "Management token" }));
});
