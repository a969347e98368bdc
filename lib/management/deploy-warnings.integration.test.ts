import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);

beforeAll(async () => {
  management = await startManagement();
  await call("POST", "/authorization-servers/default/scopes", { name: "read" });
}, 120_000);
afterAll(() => management?.stop());

const step = (requiredScopes: string[] = [], more: object = {}) => ({
  policy: "oauth2",
  config: { resource: "ours", requiredScopes },
  ...more,
});
let number = 0;
async function createApi(flows: object[], changes: object = {}): Promise<string> {
  number += 1;
  const answer = await call("POST", "/apis", {
    name: "Orders",
    contextPath: `/warned-${number}`,
    endpoints: { production: { url: "http://localhost:9000" } },
    resources: [{ name: "ours", type: "oauth2-builtin", config: { server: "default" } }],
    flows,
    ...changes,
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

async function save(id: string, changes: object) {
  const { body, headers } = await call("GET", `/apis/${id}/definition`);
  return call("PUT", `/apis/${id}/definition`, { ...body, ...changes }, { "If-Match": headers.get("etag") ?? "" });
}

/** Puts flows into the draft as an earlier version stored them. */
async function storeFlows(id: string, paths: string[]) {
  const { draft } = await database().api.findUniqueOrThrow({ where: { id } });
  const flows = paths.map((path) => ({ match: { path }, request: [step()] }));
  await database().api.update({ where: { id }, data: { draft: { ...(draft as object), flows } } });
}

const guarded = [{ match: { path: "/" }, request: [step(["read"])] }];

describe("a deployment that loosens access", () => {
  test("is warned of for each operation, and rejected on request", async () => {
    const id = await createApi(guarded);
    expect((await call("POST", `/apis/${id}/deployments?allowLoosening=false`, {})).status).toBe(201);
    const document = { openapi: "3.1.0", info: { title: "Orders", version: "1" }, paths: { "/items/{id}": { get: {} } } };
    expect((await call("PUT", `/apis/${id}/openapi`, document)).status).toBe(200);

    await save(id, { flows: [{ match: { path: "/" }, request: [step()] }] });
    const { body } = await call("GET", `/apis/${id}/changes`);
    const loosened = { kind: "access", before: "a token from ours with read", after: "a token from ours" };
    expect(body.warnings).toEqual([
      { ...loosened, method: "*", path: "/", operator: "startsWith", message: expect.stringContaining("Every method / and below") },
      {
        ...loosened,
        method: "GET",
        path: "/items/:id",
        operator: "equals",
        message: "GET /items/:id: a token from ours with read → a token from ours",
      },
    ]);

    const refused = await call("POST", `/apis/${id}/deployments?allowLoosening=false`, {});
    expect(refused).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining("2 operations"),
        errors: [
          { path: "* /", message: "a token from ours with read → a token from ours" },
          { path: "GET /items/:id", message: "a token from ours with read → a token from ours" },
        ],
      },
    });
    expect((await call("GET", `/apis/${id}`)).body).toMatchObject({ activeDeployment: { number: 1 }, undeployedChanges: true });
    expect((await call("POST", `/apis/${id}/deployments?allowLoosening=perhaps`, {})).status).toBe(400);
    expect((await call("POST", `/apis/${id}/deployments`, {})).body).toMatchObject({ number: 2 });

    await save(id, { flows: guarded });
    expect((await call("GET", `/apis/${id}/changes`)).body.warnings).toEqual([]);
    expect((await call("POST", `/apis/${id}/deployments?allowLoosening=false`, {})).body).toMatchObject({ number: 3 });
    expect((await call("POST", `/apis/${id}/deployments/2/rollback?allowLoosening=false`, {})).status).toBe(409);
    expect((await call("POST", `/apis/${id}/deployments/2/rollback`, {})).body).toMatchObject({ number: 4 });
  });

  test("is compared with the last deployment when the API was undeployed in between", async () => {
    const id = await createApi(guarded);
    await call("POST", `/apis/${id}/deployments`, {});
    await save(id, { flows: [] });
    await call("DELETE", `/apis/${id}/deployments/active`);
    const { body } = await call("GET", `/apis/${id}/changes`);
    expect(body).toMatchObject({ from: null, changes: [], warnings: [{ kind: "access", method: "*", path: "/" }] });
    expect((await call("POST", `/apis/${id}/deployments?allowLoosening=false`, {})).status).toBe(409);
    expect((await call("POST", `/apis/${id}/deployments`, {})).status).toBe(201);
  });

  test("names authorization servers that are called without TLS", async () => {
    const security = { type: "oauth2", tokenUrl: "http://idp.internal/token", clientId: "gw", clientSecret: "s3cret" };
    const id = await createApi(guarded, { endpoints: { production: { url: "http://localhost:9000", security } } });
    expect((await call("GET", `/apis/${id}/changes`)).body.warnings).toEqual([
      { kind: "plain-http", path: "endpoints.production.security.tokenUrl", message: expect.stringContaining("http://idp.internal/token") },
    ]);
  });

  test("names scopes that the authorization server doesn't have", async () => {
    const id = await createApi([
      { match: { path: "/" }, request: [step(["read", "admin"])] },
      { match: { path: "/off" }, enabled: false, request: [step(["gone"])] },
    ]);
    expect((await call("GET", `/apis/${id}/changes`)).body.warnings).toEqual([
      { kind: "scope", path: "flows[0].request[0].config.requiredScopes", message: expect.stringContaining("has no scope admin") },
    ]);
  });
});

describe("a flow path in another product's notation", () => {
  test.each(["/items/{id}", "/items/*", "/items/**", "/items/<id>", "/(.*)/x"])("%s is not saved", async (path) => {
    const id = await createApi(guarded);
    expect(await save(id, { flows: [{ match: { path }, request: [step()] }] })).toMatchObject({
      status: 400,
      body: { errors: [{ path: "flows[0].match.path", message: expect.stringMatching(/Use \/(items|:any)/) }] },
    });
    const created = await call("POST", "/apis", {
      name: "Foreign",
      contextPath: path,
      endpoints: { production: { url: "http://localhost:9000" } },
    });
    expect(created).toMatchObject({ status: 400, body: { errors: [{ path: "contextPath", message: expect.stringContaining("Use") }] } });
  });

  test("in a stored draft is named, and neither deployed nor saved", async () => {
    const id = await createApi(guarded);
    await storeFlows(id, ["/items", "/items/{id}"]);
    const problem = { path: "flows[1].match.path", message: expect.stringContaining("Use /items/:id.") };
    expect((await call("GET", `/apis/${id}`)).body).toMatchObject({ draftProblems: [problem], deploymentProblems: [] });
    expect(await call("POST", `/apis/${id}/deployments`, {})).toMatchObject({ status: 409, body: { errors: [problem] } });
    expect(await save(id, { description: "new" })).toMatchObject({ status: 400, body: { errors: [problem] } });
    expect((await call("GET", `/apis/${id}/export?format=yaml`)).status).toBe(200);
  });

  test("in the active deployment is reported, keeps serving, and isn't restored by a rollback", async () => {
    const id = await createApi(guarded);
    expect((await call("POST", `/apis/${id}/deployments`, {})).status).toBe(201);
    await storeFlows(id, ["/items/*"]);
    const { draft } = await database().api.findUniqueOrThrow({ where: { id } });
    await database().deployment.update({ where: { apiId_number: { apiId: id, number: 1 } }, data: { definition: draft ?? {} } });
    expect((await call("GET", `/apis/${id}`)).body).toMatchObject({
      deploymentProblems: [{ path: "flows[0].match.path", message: expect.stringContaining("Use /items with the operator startsWith.") }],
    });
    expect((await call("GET", "/apis")).body.items).toContainEqual(
      expect.objectContaining({ id, deploymentProblems: [expect.anything()] }),
    );
    await save(id, { flows: guarded, description: "Fixed" });
    expect((await call("POST", `/apis/${id}/deployments`, {})).body).toMatchObject({ number: 2 });
    expect((await call("POST", `/apis/${id}/deployments/1/rollback`, {})).status).toBe(409);
  });
});
