import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import type { Operation } from "./contract/operation";
import { type ManagementResponse, startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
beforeAll(async () => {
  management = await startManagement();
}, 60_000);
afterAll(() => management?.stop());

const call: TestManagement["call"] = (...given) => management.call(...given);

let counter = 0;
async function made(path: string, body: Record<string, unknown>): Promise<ManagementResponse["body"]> {
  const answer = await call("POST", path, body);
  expect(answer.status).toBe(201);
  return answer.body;
}

const newApi = () => {
  counter += 1;
  const endpoints = { production: { url: "https://backend.example" } };
  return made("/apis", { name: `API ${counter}`, version: "1.0.0", contextPath: `/pre-${counter}`, endpoints });
};
const newServer = () => {
  counter += 1;
  return made("/authorization-servers", { name: `Server ${counter}`, audience: "api://pre" });
};
const OPENAPI = JSON.stringify({ openapi: "3.1.0", info: { title: "T", version: "1" }, paths: {} });

interface Subject {
  /** Where its ETag is read, and where it is written. */
  read: string;
  write?: string;
  change?: { method: Operation["method"]; body: (n: number) => unknown };
  /** Makes a change that another person makes. */
  other: () => Promise<unknown>;
}

/** Every resource that can be changed. */
const subjects: Record<string, () => Promise<Subject>> = {
  async definition() {
    const { id } = await newApi();
    const read = `/apis/${id}/definition`;
    const draft = (await call("GET", read)).body;
    const body = (n: number) => ({ ...draft, description: `change ${n}` });
    return { read, write: `/apis/${id}`, change: { method: "PUT", body }, other: () => call("PUT", read, body(99), { "If-Match": "*" }) };
  },
  async API() {
    const { id } = await newApi();
    return { read: `/apis/${id}`, other: () => call("POST", `/apis/${id}/deployments`, {}) };
  },
  async "active deployment"() {
    const { id } = await newApi();
    await call("POST", `/apis/${id}/deployments`, {});
    const read = `/apis/${id}/deployments/1`;
    const other = async () => {
      const draft = await call("GET", `/apis/${id}/definition`);
      await call("PUT", `/apis/${id}/definition`, { ...draft.body, description: "x" }, { "If-Match": "*" });
      await call("POST", `/apis/${id}/deployments`, {});
    };
    return { read, write: `/apis/${id}/deployments/active`, other };
  },
  async document() {
    const { id } = await newApi();
    const read = `/apis/${id}/openapi`;
    await call("PUT", read, OPENAPI);
    const body = (n: number) => OPENAPI.replace('"T"', `"T ${n}"`);
    return { read, change: { method: "PUT", body }, other: () => call("PUT", read, body(99)) };
  },
  async "authorization server"() {
    const read = `/authorization-servers/${(await newServer()).id}`;
    const body = (n: number) => ({ description: `change ${n}` });
    return { read, change: { method: "PATCH", body }, other: () => call("PATCH", read, body(99)) };
  },
  async scope() {
    const server = `/authorization-servers/${(await newServer()).id}`;
    const read = `${server}/scopes/${(await made(`${server}/scopes`, { name: "s" })).id}`;
    const body = (n: number) => ({ description: `change ${n}` });
    return { read, change: { method: "PATCH", body }, other: () => call("PATCH", read, body(99)) };
  },
  async claim() {
    const server = `/authorization-servers/${(await newServer()).id}`;
    const read = `${server}/claims/${(await made(`${server}/claims`, { name: "c", value: 0 })).id}`;
    const body = (n: number) => ({ value: n });
    return { read, change: { method: "PATCH", body }, other: () => call("PATCH", read, body(99)) };
  },
  async "access policy"() {
    const server = `/authorization-servers/${(await newServer()).id}`;
    const read = `${server}/policies/${(await made(`${server}/policies`, { name: "p" })).id}`;
    const body = (n: number) => ({ description: `change ${n}` });
    return { read, change: { method: "PATCH", body }, other: () => call("PATCH", read, body(99)) };
  },
  async rule() {
    const server = `/authorization-servers/${(await newServer()).id}`;
    const policy = `${server}/policies/${(await made(`${server}/policies`, { name: "p" })).id}`;
    const read = `${policy}/rules/${(await made(`${policy}/rules`, { name: "r" })).id}`;
    const body = (n: number) => ({ lifetimeMinutes: 10 + n });
    return { read, change: { method: "PATCH", body }, other: () => call("PATCH", read, body(99)) };
  },
  async key() {
    const server = `/authorization-servers/${(await newServer()).id}`;
    await call("POST", `${server}/keys/rotate`, {});
    const keys = (await call("GET", `${server}/keys`)).body.items;
    const kid = String(keys.find(({ state }) => state === "previous")?.kid);
    return {
      read: `${server}/keys/${kid}`,
      other: () => database().signingKey.update({ where: { kid }, data: { expiresAt: new Date(Date.now() + 3_600_000) } }),
    };
  },
  async application() {
    counter += 1;
    const read = `/applications/${(await made("/applications", { name: `App ${counter}` })).id}`;
    const body = (n: number) => ({ name: `change ${n}` });
    return { read, change: { method: "PATCH", body }, other: () => call("PATCH", read, body(99)) };
  },
};

describe.each(Object.keys(subjects))("%s", (name) => {
  const subject = () => (subjects[name] as () => Promise<Subject>)();
  const etagOf = async (path: string) => {
    const etag = String((await call("GET", path)).headers.get("etag"));
    expect(etag).toMatch(/^"[\x21\x23-\x7e]+"$/);
    return etag;
  };

  test("a read whose ETag the client has already is 304", async () => {
    const { read, other } = await subject();
    const etag = await etagOf(read);
    for (const tags of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const answer = await call("GET", read, undefined, { "If-None-Match": tags });
      expect([answer.status, answer.headers.get("etag"), answer.body.text]).toEqual([304, etag, ""]);
    }
    expect((await call("GET", read, undefined, { "If-None-Match": '"x"' })).status).toBe(200);
    await other();
    expect((await call("GET", read, undefined, { "If-None-Match": etag })).status).toBe(200);
  });

  test("a delete with another ETag is 412 and deletes nothing", async () => {
    const { read, write = read, other } = await subject();
    const stale = await etagOf(read);
    await other();
    for (const tag of ['"nonsense"', "nonsense", 'W/"nonsense"', stale, `W/${stale}`, `"a", ${stale}`, ",", '"']) {
      const answer = await call("DELETE", write, undefined, { "If-Match": tag });
      expect([tag, answer.status]).toEqual([tag, 412]);
      expect(answer.headers.get("etag")).not.toBe(null);
    }
    expect((await call("DELETE", write, undefined, { "If-Match": "" })).status).toBe(400);
    const now = name === "active deployment" ? "*" : await etagOf(read);
    expect((await call("DELETE", write, undefined, { "If-None-Match": "*" })).status).toBe(412);
    expect((await call("DELETE", write, undefined, { "If-Match": `"x", W/${now}`.replace('"x", W/*', "*") })).status).toBe(204);
  });

  test("a change with another ETag is 412 and changes nothing, with the current one it is made", async () => {
    const { read, change } = await subject();
    if (!change) return;
    const stale = await etagOf(read);
    expect((await call(change.method, read, change.body(1), { "If-Match": stale })).status).toBe(200);
    for (const tag of ['"nonsense"', stale, `W/${stale}`]) {
      expect((await call(change.method, read, change.body(2), { "If-Match": tag })).status).toBe(412);
    }
    const current = await etagOf(read);
    expect(current).not.toBe(stale);
    const forms = [`W/${current}`, current.replace(/"$/, '-gzip"'), `"other", ${current}`, "*"];
    for (const [index, tag] of forms.entries()) {
      const now = await etagOf(read);
      const sent = tag.replace(current.slice(1, -1), now.slice(1, -1));
      const answer = await call(change.method, read, change.body(3 + index), { "If-Match": sent });
      expect([sent, answer.status]).toEqual([sent, 200]);
      expect(answer.headers.get("etag")).toBe(await etagOf(read));
    }
  });

  test("of several who change the same at the same moment exactly one does", async () => {
    const { read, change } = await subject();
    if (!change) return;
    const etag = await etagOf(read);
    const answers = await Promise.all([1, 2, 3, 4].map((n) => call(change.method, read, change.body(n), { "If-Match": etag })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });

  test("the same again changes neither the ETag nor the activity", async () => {
    const { read, change } = await subject();
    if (!change) return;
    await call(change.method, read, change.body(1), { "If-Match": "*" });
    const [etag, entries] = [await etagOf(read), await database().activity.count()];
    const again = await call(change.method, read, change.body(1), { "If-Match": etag });
    expect([again.status, again.headers.get("etag")]).toEqual([200, etag]);
    expect(await database().activity.count()).toBe(entries);
  });
});

test("a document is attached with If-None-Match only where there is none", async () => {
  const { id } = await newApi();
  const path = `/apis/${id}/openapi`;
  expect((await call("PUT", path, OPENAPI, { "If-Match": "*" })).status).toBe(412);
  expect((await call("PUT", path, OPENAPI, { "If-None-Match": "*" })).status).toBe(200);
  expect((await call("PUT", path, OPENAPI.replace('"T"', '"U"'), { "If-None-Match": "*" })).status).toBe(412);
});

test("the use of a secret is no change of its application", async () => {
  const { id, etag } = await made("/applications", { name: "Used" });
  await database().applicationSecret.updateMany({ where: { applicationId: id }, data: { lastUsedAt: new Date() } });
  const read = await call("GET", `/applications/${id}`, undefined, { "If-None-Match": String(etag) });
  expect(read.status).toBe(200);
  expect((await call("POST", `/applications/${id}/secrets`, {}, { "If-Match": String(etag) })).status).toBe(201);
  expect((await call("POST", `/applications/${id}/secrets`, {}, { "If-Match": String(etag) })).status).toBe(412);
});

test("a precondition of a write whose resource has no ETag is not passed over", async () => {
  for (const [path, body] of [
    ["/applications", { name: "Never" }],
    ["/authorization-servers/default/scopes", { name: "never" }],
    ["/authorization-servers/default/keys/rotate", {}],
  ] as const)
    expect((await call("POST", path, body, { "If-Match": '"nonsense"' })).status).toBe(412);
  expect(await database().application.count({ where: { name: "Never" } })).toBe(0);
});

test("deploying an already active draft returns its number, and creates no other deployment", async () => {
  const { id } = await newApi();
  const path = `/apis/${id}/deployments`;
  expect(await call("POST", path, { label: "a" })).toMatchObject({ status: 201, body: { number: 1, unchanged: false } });
  const entries = await database().activity.count();
  for (const label of ["a", "b"])
    expect(await call("POST", path, { label })).toMatchObject({
      status: 201,
      body: { number: 1, label: "a", active: true, unchanged: true },
    });
  expect(await database().activity.count()).toBe(entries);
  expect((await call("POST", path, {}, { "If-Match": '"nonsense"' })).status).toBe(412);
  await call("DELETE", `${path}/active`);
  expect(await call("POST", path, {})).toMatchObject({ status: 201, body: { number: 2, unchanged: false } });
});
