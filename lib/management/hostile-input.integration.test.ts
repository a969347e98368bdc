import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGatewright } from "@/lib/testing/start-gatewright";

const TOKEN = "integration-test-management-token";
let gatewright: Awaited<ReturnType<typeof startGatewright>>;
let breakingOff: Server;

beforeAll(async () => {
  breakingOff = createServer((_, response) => {
    response.write("half");
    setTimeout(() => response.destroy(), 50);
  });
  await new Promise<void>((resolve) => breakingOff.listen(0, "127.0.0.1", resolve));
  gatewright = await startGatewright({ env: { GATEWRIGHT_ADMIN_TOKEN: TOKEN } });
}, 180_000);
afterAll(async () => {
  breakingOff?.close();
  await gatewright?.stop();
}, 60_000);

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(`${gatewright.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

const definition = (contextPath: string, url = `${gatewright.url}/samples/echo`) => ({
  name: contextPath,
  contextPath,
  endpoints: { production: { url } },
});

async function createApi(contextPath: string, url?: string): Promise<string> {
  return String(JSON.parse((await call("POST", "/api/v1/apis", definition(contextPath, url))).text).id);
}

test.each([
  "/api/v1/apis/%00",
  "/api/v1/apis/%00/definition",
  "/api/v1/apis?cursor=%00",
  "/api/v1/applications/%00",
  "/api/v1/authorization-servers/%00/scopes",
  "/api/v1/authorization-servers/default/scopes?cursor=%00",
  "/api/v1/activity?cursor=%00",
  "/api/v1/apis/x/changes?from=99999999999",
  "/api/v1/apis/x/deployments/99999999999",
])("an id that cannot be stored is the caller's mistake: GET %s", async (path) => {
  expect((await call("GET", path)).status).toBe(400);
});

test.each(["/api/v1/apis/%E0%A4%A", "/api/v1/apis/%", "/oauth2/%ff/v1/keys"])(
  "a path that is no well-formed escape of UTF-8 leads nowhere: %s",
  async (path) => {
    const { status, text } = await call("GET", path);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toBeTypeOf("object");
  },
);

test("a cursor that isn't a deployment number is rejected", async () => {
  const id = await createApi("/hostile-cursor");
  for (const cursor of ["99999999999", "-1", "1.5", "x"])
    expect((await call("GET", `/api/v1/apis/${id}/deployments?cursor=${cursor}`)).status, cursor).toBe(400);
});

test.each([
  ["a NUL", '{"name":"a\\u0000b"}'],
  ["half a character", '{"name":"a\\ud800b"}'],
  ["a prototype", '{"name":"a","__proto__":{"x":1}}'],
  ["nesting without end", `{"flows":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  ["YAML that nests without end", `${"[".repeat(5000)}a${"]".repeat(5000)}`],
])("input that would end or pollute the process is refused: %s", async (_, body) => {
  expect((await call("POST", "/api/v1/apis", body)).status).toBe(400);
  expect((await call("POST", "/api/v1/apis/import", body)).status).toBe(400);
  expect((await call("GET", "/api/v1/apis")).status).toBe(200);
});

test("what is wrong is listed up to a hundred times", async () => {
  const keys = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, 1]));
  const { status, text } = await call("POST", "/api/v1/apis", keys);
  expect(status).toBe(400);
  expect(JSON.parse(text).errors).toHaveLength(100);
});

test("of those who create the same authorization server at once, one does and the others are told", async () => {
  const body = { name: "Race", id: "race", audience: "api://race" };
  const statuses = (await Promise.all(Array.from({ length: 5 }, () => call("POST", "/api/v1/authorization-servers", body)))).map(
    ({ status }) => status,
  );
  expect(statuses.sort()).toEqual([201, 409, 409, 409, 409]);
});

test("Try it returns a response that the backend aborts", async () => {
  const address = breakingOff.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const id = await createApi("/hostile-break", `http://127.0.0.1:${port}`);
  await call("POST", `/api/v1/apis/${id}/deployments`, {});
  const { status, text } = await call("POST", `/api/v1/apis/${id}/try`, {});
  expect(status).toBe(200);
  expect(JSON.parse(text).response).toMatchObject({ status: 200, body: "half", truncated: true });
});
