import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { summarizeAll } from "./summaries";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
beforeAll(async () => {
  management = await startManagement();
}, 60_000);
afterAll(() => management?.stop());
const call: TestManagement["call"] = (...given) => management.call(...given);

/** At least one problem, with its message. */
const SOME = expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]);

let counter = 0;
const SERVER = { name: "as", type: "oauth2-builtin", config: { server: "default" } };
async function newApi(more: Record<string, unknown> = {}) {
  counter += 1;
  const endpoints = { production: { url: "https://backend.example" } };
  const answer = await call("POST", "/apis", {
    name: `API ${counter}`,
    version: "1.0.0",
    contextPath: `/broken-${counter}`,
    endpoints,
    ...more,
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

/** What another version, or a hand, may have left in a row. */
const BROKEN: Record<string, string> = {
  "an unknown policy": `{"gatewright":1,"name":"B","version":"1","contextPath":"/b","endpoints":{"production":{"url":"https://b.example"}},"flows":[{"match":{"path":"/"},"request":[{"policy":"of-tomorrow","config":{}}]}]}`,
  "a number": "7",
  null: "null",
  "a list": "[1,2]",
  "an empty object": "{}",
  "parts of other types": `{"name":7,"contextPath":[],"endpoints":"x","resources":{"a":1},"flows":[null,{"request":"x"}],"cors":3}`,
};

const breakDraft = (id: string, json: string) => database().$executeRaw`UPDATE "Api" SET "draft" = ${json}::jsonb WHERE "id" = ${id}`;
const breakDeployment = (id: string, json: string) =>
  database().$executeRaw`UPDATE "Deployment" SET "definition" = ${json}::jsonb WHERE "apiId" = ${id}`;
const inList = async (id: string) => (await call("GET", "/apis?limit=200")).body.items.find((item) => item.id === id);

describe.each(Object.keys(BROKEN))("a stored draft that is %s", (name) => {
  const json = BROKEN[name] ?? "";

  test("is shown as broken, and everything else is listed as it is", async () => {
    const [good, id] = [await newApi(), await newApi()];
    await call("POST", `/apis/${good}/deployments`, {});
    const before = await inList(good);
    await breakDraft(id, json);
    expect((await inList(id))?.draftProblems).not.toEqual([]);
    expect(await inList(good)).toEqual(before);
    expect(await call("GET", `/apis/${id}`)).toMatchObject({ status: 200, body: { draftProblems: SOME, deploymentProblems: [] } });
  });

  test("is never a 500, can't be deployed, and is exported as it is", async () => {
    const id = await newApi();
    await call("POST", `/apis/${id}/deployments`, {});
    await breakDraft(id, json);
    for (const path of ["definition", "deployments", "deployments/1", "access?of=deployed", "endpoint-tokens", "export?format=json"])
      expect([path, (await call("GET", `/apis/${id}/${path}`)).status]).toEqual([path, 200]);
    for (const path of ["changes", "access", "export?format=postman", "export?format=curl"]) {
      const answer = await call("GET", `/apis/${id}/${path}`);
      expect([path, answer.status]).toEqual([path, 409]);
      expect(answer.body.detail).toMatch(/can't read the stored draft.*Save a corrected draft/);
    }
    expect((await call("POST", `/apis/${id}/cors-check`, { origin: "https://a.example" })).status).toBe(409);
    expect(await call("POST", `/apis/${id}/deployments`, {})).toMatchObject({ status: 409, body: { errors: SOME } });
    const exported = await call("GET", `/apis/${id}/export?format=json`);
    if (json.startsWith("{")) expect(exported.body).toEqual(JSON.parse(json));
  });

  test("is mended by a PUT, also with the definition that it was", async () => {
    const id = await newApi();
    const draft = (await call("GET", `/apis/${id}/definition`)).body;
    await breakDraft(id, json);
    const read = await call("GET", `/apis/${id}/definition`);
    expect(read.status).toBe(200);
    const put = await call("PUT", `/apis/${id}/definition`, draft, { "If-Match": String(read.headers.get("etag")) });
    expect(put).toMatchObject({ status: 200, body: draft });
    expect(await inList(id)).toMatchObject({ draftProblems: [] });
    expect((await call("POST", `/apis/${id}/deployments`, {})).status).toBe(201);
  });

  test("is replaced by a rollback, and deleted", async () => {
    const id = await newApi();
    await call("POST", `/apis/${id}/deployments`, {});
    await breakDraft(id, json);
    const read = await call("GET", `/apis/${id}/definition`);
    const etag = String(read.headers.get("etag"));
    expect((await call("POST", `/apis/${id}/deployments/1/rollback`, {}, { "If-Match": etag })).status).toBe(201);
    expect(await inList(id)).toMatchObject({ draftProblems: [] });
    await breakDraft(id, json);
    expect((await call("DELETE", `/apis/${id}`)).status).toBe(204);
  });

  test("prevents neither reading servers nor scopes", async () => {
    const id = await newApi({ resources: [SERVER] });
    await breakDraft(id, json);
    const scope = await call("POST", "/authorization-servers/default/scopes", { name: `s${counter}` });
    expect((await call("DELETE", `/authorization-servers/default/scopes/${scope.body.id}`)).status).toBe(204);
  });
});

describe.each(Object.keys(BROKEN))("a stored deployment that is %s", (name) => {
  test("is shown as broken; the draft, the history and undeploying go on", async () => {
    const id = await newApi();
    await call("POST", `/apis/${id}/deployments`, {});
    await breakDeployment(id, BROKEN[name] ?? "");
    expect(await inList(id)).toMatchObject({ draftProblems: [], protection: null, activeDeployment: { number: 1 } });
    expect((await inList(id))?.deploymentProblems).not.toEqual([]);
    expect(await call("GET", `/apis/${id}/deployments`)).toMatchObject({ status: 200, body: { items: [{ number: 1, problems: SOME }] } });
    for (const path of ["", "/definition", "/deployments/1", "/access", "/endpoint-tokens", "/export?format=yaml"])
      expect([path, (await call("GET", `/apis/${id}${path}`)).status]).toEqual([path, 200]);
    expect(await call("GET", `/apis/${id}/changes`)).toMatchObject({ status: 200, body: { from: 1, changes: [], warnings: SOME } });
    for (const path of ["/changes?from=1", "/access?of=deployed"])
      expect([path, (await call("GET", `/apis/${id}${path}`)).status]).toEqual([path, 409]);
    expect((await call("POST", `/apis/${id}/deployments/1/rollback`, {})).status).toBe(409);
    expect((await call("POST", `/apis/${id}/try`, {})).status).toBeLessThan(500);
    const draft = await call("GET", `/apis/${id}/definition`);
    const etag = String(draft.headers.get("etag"));
    expect((await call("PUT", `/apis/${id}/definition`, { ...draft.body, description: "x" }, { "If-Match": etag })).status).toBe(200);
    expect((await call("DELETE", `/apis/${id}/deployments/active`)).status).toBe(204);
    expect((await call("POST", `/apis/${id}/deployments`, {})).status).toBe(201);
  });
});

test("a broken draft retains the secrets of readable endpoints only", async () => {
  const security = { type: "basic", username: "svc", password: "very-secret" };
  const id = await newApi({ endpoints: { production: { url: "https://backend.example", security } } });
  const draft = (await call("GET", `/apis/${id}/definition`)).body;
  await breakDraft(id, JSON.stringify({ ...draft, flows: [{ request: [{ policy: "of-tomorrow" }] }] }));
  const put = (definition: unknown) => call("PUT", `/apis/${id}/definition`, definition, { "If-Match": "*" });
  const moved = { ...draft, endpoints: { production: { url: "https://evil.example", security: { type: "basic", username: "svc" } } } };
  expect(await put(moved)).toMatchObject({ status: 400, body: { errors: [{ path: "endpoints.production.security.password" }] } });
  expect((await put(draft)).status).toBe(200);
  expect((await inList(id))?.storedSecrets).toEqual(["endpoints.production.security.password"]);
});

test("rows from before this version, and of another one, get their summaries", async () => {
  const id = await newApi({ description: "as it was" });
  await call("POST", `/apis/${id}/deployments`, {});
  const whole = await inList(id);
  await database().$executeRaw`UPDATE "Api" SET "summary" = NULL`;
  await database().$executeRaw`UPDATE "Deployment" SET "summary" = NULL`;
  expect(await inList(id)).toEqual(whole);
  await database().$executeRaw`UPDATE "Api" SET "summary" = jsonb_set("summary", '{version}', '"0.0.1/1"')`;
  await database()
    .$executeRaw`UPDATE "Deployment" SET "summary" = jsonb_set("summary", '{version}', '"0.0.1/1"') WHERE "summary" IS NOT NULL`;
  expect(await inList(id)).toEqual(whole);
  await summarizeAll();
  const rows = await database().api.findMany({ select: { summary: true, deployments: { select: { summary: true } } } });
  const versions = rows
    .flatMap(({ summary, deployments }) => [summary, ...deployments.map((one) => one.summary)])
    .map((one) => JSON.stringify(one));
  for (const version of versions) expect(version).not.toMatch(/0\.0\.1\/1|^null$/);
  expect(await inList(id)).toEqual(whole);
});

test("a stored flow path in another product's notation is shown, and can't be deployed", async () => {
  const id = await newApi({
    resources: [SERVER],
    flows: [{ match: { path: "/items/:id" }, request: [{ policy: "oauth2", config: { resource: "as" } }] }],
  });
  await call("POST", `/apis/${id}/deployments`, {});
  await database().$executeRaw`UPDATE "Api" SET "draft" = replace("draft"::text, '/items/:id', '/items/{id}')::jsonb WHERE "id" = ${id}`;
  await database()
    .$executeRaw`UPDATE "Deployment" SET "definition" = replace("definition"::text, '/items/:id', '/items/{id}')::jsonb WHERE "apiId" = ${id}`;
  const problems = [expect.objectContaining({ path: "flows[0].match.path" })];
  expect(await inList(id)).toMatchObject({ draftProblems: problems, deploymentProblems: problems });
  expect((await call("GET", `/apis/${id}/changes`)).status).toBe(200);
  await database().$executeRaw`UPDATE "Api" SET "activeNumber" = NULL WHERE "id" = ${id}`;
  expect(await call("POST", `/apis/${id}/deployments`, {})).toMatchObject({ status: 409, body: { errors: problems } });
});
