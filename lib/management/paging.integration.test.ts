import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;

/** Each list: its path, what its items are told apart by, and how one of them is deleted. */
const lists: {
  name: string;
  path: () => string;
  key: string;
  remove: (key: string) => Promise<unknown>;
}[] = [];

let apiId = "";
let serverId = "";

const endpoints = { production: { url: "https://backend.example" } };

beforeAll(async () => {
  management = await startManagement();
  const { call } = management;
  for (let n = 0; n < 9; n += 1) {
    // Names that are alike, and names that collations order unlike bytes.
    const name = ["Same", "Same", "same", "Ähre", "Zebra", "_x", "a b", "ab", "Same"][n];
    const api = await call("POST", "/apis", { name, version: "1.0.0", contextPath: `/paged-${n}`, endpoints });
    apiId = api.body.id;
    await call("POST", "/applications", { name });
    const server = await call("POST", "/authorization-servers", { name, id: `paged-${n}`, audience: "api://paged" });
    serverId = server.body.id;
  }
  for (let n = 0; n < 7; n += 1) {
    await call("POST", `/authorization-servers/${serverId}/scopes`, { name: `s${n}` });
    await call("POST", `/authorization-servers/${serverId}/claims`, { name: `c${n}`, value: n });
    await call("POST", `/authorization-servers/${serverId}/policies`, { name: `p${n}` });
    await database().deployment.create({
      data: { apiId, number: n + 1, definition: {}, secrets: {}, hash: "x", createdBy: "test" },
    });
    // As rotations leave them, without the time that making keys takes.
    const kid = `previous-${n}`;
    await database().signingKey.create({
      data: {
        kid,
        serverId,
        algorithm: "RS256",
        publicJwk: { kty: "RSA", n: "AQAB", e: "AQAB", kid, alg: "RS256", use: "sig" },
        privateCiphertext: "",
        state: "previous",
        createdAt: new Date(Date.now() - n * 1000),
        expiresAt: new Date(Date.now() + 3_600_000),
      },
    });
  }
  const below = (part: string) => `/authorization-servers/${serverId}/${part}`;
  const byCall = (path: () => string) => (key: string) => management.call("DELETE", `${path()}/${key}`);
  const simple = (name: string, path: () => string, key = "id") => lists.push({ name, path, key, remove: byCall(path) });
  simple("apis", () => "/apis");
  simple("applications", () => "/applications");
  simple("authorization-servers", () => "/authorization-servers");
  simple("scopes", () => below("scopes"));
  simple("claims", () => below("claims"));
  simple("policies", () => below("policies"));
  simple("keys", () => below("keys"), "kid");
  lists.push({
    name: "deployments",
    path: () => `/apis/${apiId}/deployments`,
    key: "number",
    remove: (key) => database().deployment.delete({ where: { apiId_number: { apiId, number: Number(key) } } }),
  });
  lists.push({
    name: "activity",
    path: () => "/activity",
    key: "id",
    remove: (key) => database().activity.delete({ where: { id: key } }),
  });
}, 60_000);
afterAll(() => management?.stop());

async function pages(path: string, key: string, limit: number, between?: (keys: string[]) => Promise<void>): Promise<string[][]> {
  const found: string[][] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? `?limit=${limit}` : `?limit=${limit}&cursor=${encodeURIComponent(cursor)}`;
    const answer = await management.call("GET", `${path}${query}`);
    expect(answer.status).toBe(200);
    const keys = answer.body.items.map((item) => String(item[key]));
    found.push(keys);
    cursor = answer.body.nextCursor as string | null;
    if (cursor !== null) await between?.(keys);
  } while (cursor !== null && found.length < 200);
  return found;
}

const NAMES = ["apis", "applications", "authorization-servers", "scopes", "claims", "policies", "keys", "deployments", "activity"] as const;

const listOf = (name: string) => {
  const list = lists.find((one) => one.name === name);
  if (!list) throw new Error(`No list ${name}.`);
  return list;
};

describe.each(NAMES)("%s", (name) => {
  test("pages of every size together are the whole list, in its order", async () => {
    const { path, key } = listOf(name);
    const [whole = []] = await pages(path(), key, 200);
    expect(new Set(whole).size).toBe(whole.length);
    expect(whole.length).toBeGreaterThan(6);
    for (const limit of [1, 2, 3]) expect((await pages(path(), key, limit)).flat()).toEqual(whole);
    expect((await pages(path(), key, whole.length)).length).toBe(1);
  });

  test("a cursor of another list is 400, and the message explains what to send", async () => {
    const { path } = listOf(name);
    const mine = String((await management.call("GET", `${path()}?limit=1`)).body.nextCursor);
    const other = listOf(name === "apis" ? "applications" : "apis");
    const foreign = String((await management.call("GET", `${other.path()}?limit=1`)).body.nextCursor);
    const flipped = `${mine.slice(0, -3)}${mine.at(-3) === "A" ? "B" : "A"}${mine.slice(-2)}`;
    for (const cursor of ["", "x", "api_0123456789abcdef", "1", "%00", "null", foreign, flipped, mine.slice(1), `c2${mine.slice(2)}`]) {
      const answer = await management.call("GET", `${path()}?cursor=${cursor === "%00" ? cursor : encodeURIComponent(cursor)}`);
      expect(answer, cursor).toMatchObject({ status: 400, body: { errors: [{ path: "cursor" }] } });
    }
  });

  test("an invalid limit returns the valid range", async () => {
    const { path } = listOf(name);
    for (const limit of ["abc", "0", "-1", "1e9", "", "1.5", "201", "0x10", "+5", "999999999999", "NaN", "١"]) {
      const answer = await management.call("GET", `${path()}?limit=${encodeURIComponent(limit)}`);
      expect(answer, limit).toMatchObject({ status: 400, body: { errors: [{ path: "limit" }] } });
      expect(answer.body.detail).toContain("whole number from 1 to 200");
    }
  });
});

test("a cursor of one authorization server's list is none of another's", async () => {
  await management.call("POST", "/authorization-servers/default/scopes", { name: "one" });
  await management.call("POST", "/authorization-servers/default/scopes", { name: "two" });
  const answer = await management.call("GET", "/authorization-servers/default/scopes?limit=1");
  const cursor = encodeURIComponent(String(answer.body.nextCursor));
  expect((await management.call("GET", `/authorization-servers/default/scopes?limit=1&cursor=${cursor}`)).status).toBe(200);
  expect((await management.call("GET", `/authorization-servers/${serverId}/scopes?limit=1&cursor=${cursor}`)).status).toBe(400);
});

test("the gateways are paged too", async () => {
  const seenAt = new Date();
  for (const id of ["a", "b", "c"])
    await database().gateway.create({
      data: { id, kind: "data-plane", host: "h", address: "a", version: "1", since: seenAt, seenAt, deployments: [], state: {} },
    });
  const [whole = []] = await pages("/gateways", "id", 200);
  expect(whole).toEqual(expect.arrayContaining(["a", "b", "c"]));
  const remove = async (keys: string[]) => {
    await database().gateway.deleteMany({ where: { id: { in: keys } } });
  };
  expect((await pages("/gateways", "id", 1, remove)).flat()).toEqual(whole);
});

test("the number of a deployment in a path or a query is a whole number in digits", async () => {
  for (const number of ["abc", "0", "-1", "1e3", "1.5", "99999999999"]) {
    const answer = await management.call("GET", `/apis/${apiId}/deployments/${number}`);
    expect(answer, number).toMatchObject({ status: 400, body: { errors: [{ path: "number" }] } });
    const changes = await management.call("GET", `/apis/${apiId}/changes?from=${number}`);
    expect(changes, number).toMatchObject({ status: 400, body: { errors: [{ path: "from" }] } });
  }
});

// Last, because it empties the lists.
test.each(["keys", "policies", "claims", "scopes", "deployments", "activity", "applications", "authorization-servers", "apis"] as const)(
  "%s: deleting every row of a page before reading the next one loses none",
  async (name) => {
    const { path, key, remove } = listOf(name);
    const [whole = []] = await pages(path(), key, 200);
    const seen = await pages(path(), key, 2, async (keys) => {
      for (const one of keys) await remove(one);
    });
    expect(seen.flat()).toEqual(whole);
  },
);
