import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AccessOperationView, AccessView } from "./contract/access";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);

beforeAll(async () => {
  management = await startManagement();
  for (const name of ["read", "write"]) await call("POST", "/authorization-servers/default/scopes", { name });
}, 120_000);
afterAll(() => management?.stop());

let number = 0;
async function createApi(changes: Record<string, unknown> = {}): Promise<string> {
  number += 1;
  const answer = await call("POST", "/apis", {
    name: "Orders",
    contextPath: `/orders-${number}`,
    endpoints: { production: { url: "http://localhost:9000" } },
    resources: [{ name: "ours", type: "oauth2-builtin", config: { server: "default" } }],
    ...changes,
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const createApplication = async (name: string, more: object = {}) => (await call("POST", "/applications", { name, ...more })).body.id;
const oauth2 = (resource: string, requiredScopes: string[] = [], more: object = {}) => ({
  policy: "oauth2",
  config: { resource, requiredScopes, ...more },
});
const openapi = (paths: object) => ({ openapi: "3.1.0", info: { title: "Orders", version: "1" }, paths });

async function access(id: string, of = "draft"): Promise<AccessView> {
  const { status, body } = await call("GET", `/apis/${id}/access?of=${of}`);
  expect(status).toBe(200);
  return body as unknown as AccessView;
}
const callers = (operation: AccessOperationView | undefined) =>
  Object.fromEntries((operation?.applications ?? []).map(({ name, can, why }) => [name, can || why]));

describe("the OpenAPI document of an API", () => {
  test("is attached as JSON or YAML, read back as it was given, replaced and removed", async () => {
    const id = await createApi();
    expect((await call("GET", `/apis/${id}/openapi`)).status).toBe(404);
    const text = "openapi: 3.0.3\ninfo: { title: Orders, version: '1' }\npaths:\n  /items/{id}:\n    get: { summary: One }\n";
    const put = await call("PUT", `/apis/${id}/openapi`, text, { "Content-Type": "application/yaml" });
    expect(put).toMatchObject({
      status: 200,
      body: {
        title: "Orders",
        specification: "3.0.3",
        text,
        operations: [{ method: "GET", path: "/items/:id", summary: "One" }],
        warnings: [],
      },
    });
    expect((await call("GET", `/apis/${id}/openapi`)).body).toEqual(put.body);
    await call("PUT", `/apis/${id}/openapi`, openapi({ "/other": { post: {} } }));
    expect((await call("GET", `/apis/${id}/openapi`)).body.operations).toEqual([{ method: "POST", path: "/other", summary: "" }]);
    expect((await call("DELETE", `/apis/${id}/openapi`)).status).toBe(204);
    expect((await call("DELETE", `/apis/${id}/openapi`)).status).toBe(404);
    expect((await access(id)).hasDocument).toBe(false);
  });

  test("is rejected by path if it's invalid, and changes nothing", async () => {
    const id = await createApi();
    await call("PUT", `/apis/${id}/openapi`, openapi({ "/a": { get: {} } }));
    expect(await call("PUT", `/apis/${id}/openapi`, { swagger: "2.0" })).toMatchObject({
      status: 400,
      body: { errors: [{ path: "swagger", message: expect.stringContaining("OpenAPI 3.0 or 3.1") }] },
    });
    expect(await call("PUT", `/apis/${id}/openapi`, "openapi: 3.1.0\n  info: {")).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/line \d+, column \d+\.$/) },
    });
    expect((await call("PUT", `/apis/${id}/openapi`, `# ${"x".repeat(1024 * 1024)}`)).status).toBe(413);
    expect((await call("PUT", "/apis/api_nowhere/openapi", openapi({}))).status).toBe(404);
    expect((await call("GET", `/apis/${id}/openapi`)).body.operations).toHaveLength(1);
  });

  test("goes with its API", async () => {
    const id = await createApi();
    await call("PUT", `/apis/${id}/openapi`, openapi({ "/a": { get: {} } }));
    expect((await call("DELETE", `/apis/${id}`)).status).toBe(204);
    expect((await call("GET", `/apis/${id}/openapi`)).status).toBe(404);
  });
});

describe("who can call what", () => {
  test("follows from flows, the document, the applications and the server's rules", async () => {
    const reader = await createApplication("Reader", { scopes: ["read"] });
    await createApplication("Writer");
    await createApplication("Sandbox", { environment: "sandbox" });
    await call("PATCH", `/applications/${await createApplication("Off")}`, { enabled: false });
    const id = await createApi({
      flowSelection: "best",
      flows: [
        { name: "Everything", request: [oauth2("ours")] },
        { name: "Hello", match: { path: "/hello", operator: "equals" } },
        { name: "Write", match: { path: "/items", operator: "equals", methods: ["POST"] }, request: [oauth2("ours", ["write"])] },
        {
          name: "Either",
          match: { path: "/either", methods: ["GET"] },
          request: [oauth2("ours", ["write", "read"], { scopeMode: "any" })],
        },
      ],
    });
    await call("PUT", `/apis/${id}/openapi`, openapi({ "/items": { get: {}, post: { summary: "Add one" } }, "/hello": { get: {} } }));
    const view = await access(id);
    expect(view).toMatchObject({ of: "draft", deployment: null, hasDocument: true, flowSelection: "best", everythingElse: "token" });
    const at = (method: string, path: string) => view.operations.find((one) => one.method === method && one.path === path);
    expect(view.operations.map(({ method, path, access: level }) => `${method} ${path} ${level}`)).toEqual([
      "* / token",
      "GET /either scopes",
      "GET /hello anonymous",
      "GET /items token",
      "POST /items scopes",
    ]);
    expect(at("GET", "/hello")).toMatchObject({ sources: ["openapi", "flow"], applications: [], requirements: [], foreign: false });
    expect(at("POST", "/items")).toMatchObject({
      summary: "Add one",
      isWrite: true,
      requirements: [{ flow: "Write", step: "OAuth2", resource: "ours", scopes: ["write"], scopeMode: "all" }],
    });
    expect(callers(at("POST", "/items"))).toEqual({
      Off: "The application is inactive.",
      Reader: "These scopes aren't allowed: write.",
      Sandbox: "The application is for sandbox, but the API has no sandbox endpoint.",
      Writer: true,
    });
    expect(callers(at("GET", "/either"))).toMatchObject({ Reader: true, Writer: true });
    expect(callers(at("GET", "/items"))).toMatchObject({ Reader: true, Writer: true, Off: expect.any(String) });

    const [policy] = (await call("GET", "/authorization-servers/default/policies")).body.items;
    await call("PATCH", `/authorization-servers/default/policies/${policy?.id}`, { applications: [reader] });
    expect(callers((await access(id)).operations.find(({ path }) => path === "/items"))).toMatchObject({
      Reader: true,
      Writer: expect.stringContaining("No access policy"),
    });
    await call("PATCH", `/authorization-servers/default/policies/${policy?.id}`, { applications: [] });
  });

  test("is unknown with an external server, and empty with two Gatewright servers", async () => {
    await call("POST", "/authorization-servers", { name: "Other", id: "other", audience: "api://other" });
    const id = await createApi({
      resources: [
        { name: "ours", type: "oauth2-builtin", config: { server: "default" } },
        { name: "other", type: "oauth2-builtin", config: { server: "other" } },
        { name: "foreign", type: "oauth2-jwt", config: { issuer: "https://idp.example" } },
      ],
      flows: [
        { match: { path: "/foreign" }, request: [oauth2("foreign")] },
        { match: { path: "/two" }, request: [oauth2("ours"), oauth2("other")] },
        { match: { path: "/both" }, request: [oauth2("ours"), oauth2("foreign")] },
      ],
    });
    const { operations } = await access(id);
    const at = (path: string) => operations.find((one) => one.path === path);
    expect(at("/foreign")).toMatchObject({ access: "token", foreign: true, applications: [] });
    expect(at("/two")?.applications.some(({ can }) => can)).toBe(false);
    expect(callers(at("/two")).Reader).toMatch(/^The resource other accepts only/);
    expect(at("/both")).toMatchObject({ foreign: true });
    expect(callers(at("/both")).Reader).toMatch(/^The resource foreign uses an external/);
  });

  test("is told of what is deployed too: nothing, until something is", async () => {
    const id = await createApi({ flows: [{ match: { path: "/a" }, request: [oauth2("ours")] }] });
    expect(await access(id, "deployed")).toMatchObject({ deployment: null, operations: [], everythingElse: "refused" });
    expect((await call("POST", `/apis/${id}/deployments`, {})).status).toBe(201);
    expect(await access(id, "deployed")).toMatchObject({ of: "deployed", deployment: 1, operations: [{ path: "/a", access: "token" }] });
    expect((await call("GET", `/apis/${id}/access?of=both`)).status).toBe(400);
    expect((await call("GET", "/apis/api_nowhere/access")).status).toBe(404);
  });
});

test("operations below another API's context path are rejected: requests reach that API", async () => {
  const id = await createApi({ contextPath: "/outer", flows: [{ match: { path: "/inner/:id" } }, { match: { path: "/own" } }] });
  const inner = await createApi({ contextPath: "/outer/inner" });
  const levels = async () => (await access(id)).operations.map((operation) => [operation.path, operation.access]);
  expect(await levels()).toEqual([
    ["/inner/:id", "anonymous"],
    ["/own", "anonymous"],
  ]);
  await call("POST", `/apis/${inner}/deployments`, {});
  expect(await levels()).toEqual([
    ["/inner/:id", "refused"],
    ["/own", "anonymous"],
  ]);
});

describe("the CORS check", () => {
  test("returns the gateway's response, for the draft and the deployment", async () => {
    const id = await createApi({ cors: { enabled: true, allowOrigins: ["https://shop.example"], allowHeaders: ["Authorization"] } });
    const check = async (body: object) => (await call("POST", `/apis/${id}/cors-check`, body)).body;
    expect(await check({ origin: "https://shop.example", headers: ["Authorization"] })).toMatchObject({
      allowed: true,
      preflight: { needed: true, status: 204 },
    });
    expect(await check({ origin: "https://evil.example" })).toMatchObject({ allowed: false, reasons: [expect.stringContaining("evil")] });
    expect(await check({ origin: "https://shop.example", of: "deployed" })).toMatchObject({ allowed: false, preflight: { status: 404 } });
    expect((await call("POST", `/apis/${id}/cors-check`, { origin: "" })).status).toBe(400);
  });
});

describe("the exports", () => {
  test("name every operation, where tokens come from and which scopes are needed, and hold no secret", async () => {
    const id = await createApi({
      name: "Orders: the shop",
      flows: [
        { match: { path: "/hello", operator: "equals", methods: ["GET"] } },
        { match: { path: "/items", methods: ["GET"] }, request: [oauth2("ours", ["read"])] },
      ],
    });
    await call("PUT", `/apis/${id}/openapi`, openapi({ "/items": { post: {} } }));
    const postman = await call("GET", `/apis/${id}/export?format=postman`);
    expect(postman.headers.get("content-type")).toBe("application/json");
    expect(postman.headers.get("content-disposition")).toBe('attachment; filename="Orders-the-shop-1.0.0.postman_collection.json"');
    const { item, variable } = postman.body as unknown as { item: { name: string }[]; variable: { key: string; value: string }[] };
    expect(item.map(({ name }) => name)).toEqual(["Get a token", "GET /hello", expect.stringContaining("GET /items"), "POST /items"]);
    expect(Object.fromEntries(variable.map(({ key, value }) => [key, value]))).toMatchObject({
      host: expect.stringMatching(/^https:\/\/console\.example\/gateway\/orders-\d+$/),
      token_url: "https://console.example/oauth2/default/v1/token",
      scope: "read",
      client_secret: "",
    });
    const curl = await call("GET", `/apis/${id}/export?format=curl`);
    expect(curl.headers.get("content-disposition")).toBe('attachment; filename="Orders-the-shop-1.0.0.sh"');
    expect(curl.body.text).toMatch(/^#!\/bin\/sh\n[\s\S]*set -eu[\s\S]*call GET anonymous '\/hello'\n[\s\S]*call GET token '\/items'/);
    expect((await call("GET", `/apis/${id}/export?format=raml`)).status).toBe(400);
  });
});

describe("large APIs", () => {
  const paths = Object.fromEntries(
    Array.from({ length: 230 }, (_, n) => [`/things-${n}/{id}`, { get: { responses: {} }, post: { responses: {} } }]),
  );

  test("are read page by page; the pages are the whole, and a summary counts it", async () => {
    const id = await createApi({ flows: [{ match: { path: "/", methods: ["POST"] }, request: [oauth2("ours", ["write"])] }] });
    await call("PUT", `/apis/${id}/openapi`, openapi(paths));
    for (const list of ["access", "operations"]) {
      const found: string[] = [];
      const sizes: number[] = [];
      let cursor: unknown = null;
      do {
        const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(String(cursor))}`;
        const { body } = await call("GET", `/apis/${id}/${list}?limit=200${query}`);
        const items = (list === "access" ? body.operations : body.items) as { method: string; path: string }[];
        found.push(...items.map(({ method, path }) => `${method} ${path}`));
        sizes.push(items.length);
        cursor = body.nextCursor;
      } while (cursor !== null);
      expect(new Set(found).size).toBe(found.length);
      expect(found.filter((operation) => operation.includes("/things-"))).toHaveLength(460);
      expect(Math.max(...sizes)).toBe(200);
      expect((await call("GET", `/apis/${id}/${list}?limit=x`)).status).toBe(400);
      expect((await call("GET", `/apis/${id}/${list}?cursor=x`)).status).toBe(400);
      expect((await call("GET", `/apis/${id}/${list}`)).body.nextCursor).not.toBe(null);
      const of = await call("GET", `/apis/${id}/${list}?limit=1`);
      const foreign = encodeURIComponent(String(of.body.nextCursor));
      expect((await call("GET", `/apis/${id}/${list}?of=deployed&cursor=${foreign}`)).status).toBe(400);
    }
    const { body: summary } = await call("GET", `/apis/${id}/access/summary`);
    expect(summary).toMatchObject({ of: "draft", deployment: null, hasDocument: true, anonymous: 230, anonymousWrites: 0 });
    expect(Number(summary.scopes)).toBeGreaterThanOrEqual(230);
  });

  test("count all applications if the list is truncated, and list those that can call first", async () => {
    const scopes = ["read"];
    for (let n = 0; n < 30; n += 1) await createApplication(`Many ${n}`, { scopes: n < 25 ? ["write"] : scopes });
    const id = await createApi({ flows: [{ match: { path: "/" }, request: [oauth2("ours", scopes)] }] });
    await call("PUT", `/apis/${id}/openapi`, openapi(paths));
    const { body } = await call("GET", `/apis/${id}/access?limit=200`);
    const [operation] = body.operations as AccessOperationView[];
    expect(operation?.applications).toHaveLength(20);
    expect(operation?.applicationCount).toBeGreaterThanOrEqual(30);
    expect(operation?.applications.slice(0, operation.canCount).every(({ can }) => can)).toBe(true);
    expect((await call("GET", `/apis/${id}/access?limit=1`)).body.operations).toMatchObject([
      { applications: expect.arrayContaining([expect.objectContaining({ name: "Many 0", can: false })]) },
    ]);
  });

  test("show what changed since they were read last: the draft, the document, another API's context path", async () => {
    const id = await createApi({ contextPath: "/fresh", flows: [{ match: { path: "/a", operator: "equals", methods: ["GET"] } }] });
    const seen = async () => (await access(id)).operations.map(({ method, path, access: level }) => `${method} ${path} ${level}`);
    expect(await seen()).toEqual(["GET /a anonymous"]);
    await call("PUT", `/apis/${id}/openapi`, openapi({ "/b": { get: { responses: {} } } }));
    expect(await seen()).toEqual(["GET /a anonymous", "GET /b anonymous"]);
    const other = await createApi({ contextPath: "/fresh/b" });
    await call("POST", `/apis/${other}/deployments`, {});
    expect(await seen()).toEqual(["GET /a anonymous", "GET /b refused"]);
    const draft = await call("GET", `/apis/${id}/definition`);
    const flows = [{ match: { path: "/a", operator: "equals", methods: ["GET"] }, request: [oauth2("ours")] }];
    await call("PUT", `/apis/${id}/definition`, { ...draft.body, flows }, { "If-Match": "*" });
    expect(await seen()).toEqual(["GET /a token", "GET /b refused"]);
  });
});

describe("documents that are dear to read", () => {
  const large = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x-${index}`, 0]));

  test("are parsed without blocking requests", async () => {
    const id = await createApi();
    const paths = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`/p${index}`, { $ref: "#/components/pathItems/large" }]));
    const document = { ...openapi(paths), components: { pathItems: { large: { ...large, get: {} } } } };
    const put = await call("PUT", `/apis/${id}/openapi`, document);
    expect(put.status).toBe(200);
    expect(put.body.operations).toHaveLength(1000);
  });

  test("don't hold the process while they are read", async () => {
    const id = await createApi();
    // Composing this many tokens takes far longer than any timer may be late.
    const yaml = `openapi: 3.1.0\ninfo: { title: T, version: 1 }\npaths: {}\nx:\n${Array.from({ length: 18_000 }, (_, index) => `  k${index}: v\n`).join("")}`;
    let isDone = false;
    const put = call("PUT", `/apis/${id}/openapi`, yaml).finally(() => {
      isDone = true;
    });
    let turns = 0;
    while (!isDone) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      turns += 1;
    }
    expect(await put).toMatchObject({ status: 200 });
    // Read in this thread, there would be a handful.
    expect(turns).toBeGreaterThan(50);
  });

  test.each([
    [
      "aliases of aliases",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${["b", "c", "d", "e", "f", "g"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdef"[index]}`).join(",")}]\n`).join("")}`,
    ],
    ["nesting without end", "[".repeat(500_000)],
    ["nested JSON", `${"[".repeat(400_000)}${"]".repeat(400_000)}`],
    ["a reference to itself", "openapi: 3.1.0\ninfo: &i { title: T, version: 1, x: *i }\npaths: {}\n"],
  ])("with %s are refused, as documents and as imports", async (_, text) => {
    const id = await createApi();
    for (const [method, path] of [
      ["PUT", `/apis/${id}/openapi`],
      ["POST", "/apis/import"],
    ] as const) {
      expect(await call(method, path, text, { "Content-Type": "application/yaml" })).toMatchObject({
        status: 400,
        body: { errors: [expect.anything()] },
      });
    }
  });

  test.each([
    ["a root of many keys", (many: number[]) => Object.fromEntries(many.map((key) => [`k${key}`, 0])), ""],
    ["a list of many flows", (many: number[]) => ({ flows: many.map(() => ({})) }), "flows"],
  ])("with %s are refused before each is looked at", async (_, make, path) => {
    const input = { name: "Crowded", contextPath: "/crowded", ...make(Array.from({ length: 200_000 }, (_item, index) => index)) };
    const refused = { status: 400, body: { errors: [{ path, message: expect.stringContaining("10,000 entries") }] } };
    expect(await call("POST", "/apis", input)).toMatchObject(refused);
    expect(await call("POST", "/apis/import", JSON.stringify(input))).toMatchObject(refused);
  });

  test("above the maximum size are rejected", async () => {
    const id = await createApi();
    expect((await call("PUT", `/apis/${id}/openapi`, "x".repeat(20 * 1024 * 1024))).status).toBe(413);
    expect((await call("POST", "/apis/import", "x".repeat(20 * 1024 * 1024))).status).toBe(413);
  });
});
