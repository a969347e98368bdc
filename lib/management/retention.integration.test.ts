import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { sweep } from "./retention";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
beforeAll(async () => {
  management = await startManagement();
}, 60_000);
afterAll(() => management?.stop());
const call: TestManagement["call"] = (...given) => management.call(...given);

const DAY_MS = 24 * 60 * 60 * 1000;
const NOTHING = { activityDays: null, deployments: null };

beforeEach(async () => {
  await database().api.deleteMany();
  await database().activity.deleteMany();
  await database().secret.deleteMany();
});

const security = (password?: string) => ({ type: "basic", username: "svc", ...(password === undefined ? {} : { password }) });
const endpoints = (password?: string) => ({ production: { url: "https://backend.example", security: security(password) } });

async function newApi(contextPath: string): Promise<string> {
  const api = { name: "Kept", version: "1.0.0", contextPath, endpoints: endpoints("first") };
  return (await call("POST", "/apis", api)).body.id;
}

async function save(id: string, change: Record<string, unknown>) {
  const draft = await call("GET", `/apis/${id}/definition`);
  const put = await call("PUT", `/apis/${id}/definition`, { ...draft.body, ...change }, { "If-Match": "*" });
  expect(put.status).toBe(200);
}

async function deployTimes(id: string, times: number) {
  for (let n = 0; n < times; n += 1) {
    await save(id, { description: `round ${n}` });
    expect((await call("POST", `/apis/${id}/deployments`, {})).status).toBe(201);
  }
}

const numbersOf = async (id: string) => (await call("GET", `/apis/${id}/deployments`)).body.items.map(({ number }) => number);

test("entries of the activity list go by their age, however many there are, and without a limit stay", async () => {
  const entry = { actor: "a", action: "saved", target: "api", targetId: "api_1", summary: "s" };
  const at = (days: number) => new Date(Date.now() - days * DAY_MS);
  const old = Array.from({ length: 1203 }, (_, n) => ({ ...entry, id: `old_${n}`, at: at(31 + n) }));
  const young = Array.from({ length: 5 }, (_, n) => ({ ...entry, id: `young_${n}`, at: at(29 - n) }));
  await database().activity.createMany({ data: [...old, ...young] });
  expect(await sweep(NOTHING)).toEqual({ activity: 0, deployments: 0, secrets: 0 });
  expect(await sweep({ ...NOTHING, activityDays: 30 })).toMatchObject({ activity: 1203 });
  expect(await database().activity.count()).toBe(5);
});

test("the newest deployments stay, and the active one however old it is", async () => {
  const [id, other] = [await newApi("/kept"), await newApi("/other")];
  await deployTimes(id, 6);
  await deployTimes(other, 2);
  await database().api.update({ where: { id }, data: { activeNumber: 2 } });
  expect(await sweep({ ...NOTHING, deployments: 3 })).toMatchObject({ deployments: 2 });
  expect(await numbersOf(id)).toEqual([6, 5, 4, 2]);
  expect(await numbersOf(other)).toEqual([2, 1]);
  expect(await sweep({ ...NOTHING, deployments: 3 })).toMatchObject({ deployments: 0 });
  // Numbers go on from the last one, and what is gone can't be restored.
  expect((await call("POST", `/apis/${id}/deployments/1/rollback`, {}, { "If-Match": "*" })).status).toBe(404);
  await save(id, { description: "next" });
  expect((await call("POST", `/apis/${id}/deployments`, {})).body.number).toBe(7);
});

test("versions of secrets go when neither the draft nor a deployment refers to them", async () => {
  const id = await newApi("/secrets");
  const secrets = () => database().secret.count({ where: { ownerId: id } });
  await call("POST", `/apis/${id}/deployments`, {});
  for (const password of ["second", "third"]) await save(id, { endpoints: endpoints(password) });
  await database().secret.create({ data: { id: "sec_other", ownerId: "something else", ciphertext: "x" } });
  expect(await secrets()).toBe(3);
  expect(await sweep(NOTHING)).toMatchObject({ secrets: 1 });
  expect(await secrets()).toBe(2);
  await deployTimes(id, 2);
  expect(await sweep({ ...NOTHING, deployments: 1 })).toMatchObject({ deployments: 2, secrets: 1 });
  expect(await secrets()).toBe(1);
  // What stayed is what is deployed and drafted.
  await save(id, { description: "kept its password" });
  expect((await call("GET", `/apis/${id}`)).body.storedSecrets).toEqual(["endpoints.production.security.password"]);
  expect(await database().secret.count({ where: { id: "sec_other" } })).toBe(1);
});

test("a sweep beside deploys, saves and rollbacks takes nothing that they need", async () => {
  const id = await newApi("/beside");
  await deployTimes(id, 3);
  const work = async () => {
    for (let n = 0; n < 8; n += 1) {
      await save(id, { endpoints: endpoints(`password ${n}`) });
      await call("POST", `/apis/${id}/deployments`, {});
      const [, , oldest] = await numbersOf(id);
      await call("POST", `/apis/${id}/deployments/${oldest}/rollback`, {}, { "If-Match": "*" });
    }
  };
  let working = true;
  const sweeping = async () => {
    while (working) await sweep({ ...NOTHING, deployments: 2 });
  };
  await Promise.all([
    work().finally(() => {
      working = false;
    }),
    sweeping(),
  ]);
  const api = await database().api.findUniqueOrThrow({ where: { id } });
  const rows = await database().deployment.findMany({ where: { apiId: id } });
  const used = [api.draftSecrets, ...rows.map(({ secrets }) => secrets)].flatMap((one) => Object.values(one as Record<string, string>));
  expect(used.length).toBeGreaterThan(1);
  expect(await database().secret.count({ where: { id: { in: used } } })).toBe(new Set(used).size);
});
