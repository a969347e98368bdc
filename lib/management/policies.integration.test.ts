import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);
const policies = "/authorization-servers/shop/policies";

beforeAll(async () => {
  management = await startManagement();
  await call("POST", "/authorization-servers", { name: "Shop", audience: "api://shop" });
  await call("POST", "/authorization-servers/shop/scopes", { name: "read" });
  await call("POST", "/authorization-servers/default/scopes", { name: "elsewhere" });
}, 120_000);
afterAll(() => management?.stop());
beforeEach(() => database().accessPolicy.deleteMany({ where: { serverId: "shop" } }));

const create = async (name: string, more: object = {}) => (await call("POST", policies, { name, ...more })).body.id;
const order = async () => (await call("GET", policies)).body.items.map((policy) => [policy.priority, policy.name]);

describe("access policies", () => {
  test("are numbered without gaps, go last or where they are put, and close up when one is deleted", async () => {
    const first = await create("first");
    await create("second");
    const urgent = await create("urgent", { priority: 1 });
    expect(await order()).toEqual([
      [1, "urgent"],
      [2, "first"],
      [3, "second"],
    ]);
    expect((await call("PATCH", `${policies}/${urgent}`, { priority: 99 })).body.priority).toBe(3);
    expect(await order()).toEqual([
      [1, "first"],
      [2, "second"],
      [3, "urgent"],
    ]);
    expect((await call("DELETE", `${policies}/${first}`)).status).toBe(204);
    expect(await order()).toEqual([
      [1, "second"],
      [2, "urgent"],
    ]);
  });

  test("have one order after concurrent moves and additions", async () => {
    const ids = await Promise.all(["a", "b", "c", "d"].map((name) => create(name)));
    await Promise.all([...ids.map((id) => call("PATCH", `${policies}/${id}`, { priority: 1 })), create("e", { priority: 2 })]);
    expect((await order()).map(([priority]) => priority)).toEqual([1, 2, 3, 4, 5]);
  });

  test("are created with their rules, ordered by priority", async () => {
    const answer = await call("POST", policies, {
      name: "Partners",
      rules: [{ name: "one" }, { name: "two", scopes: ["read", "read"], lifetimeMinutes: 5 }, { name: "zero", priority: 1 }],
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        applications: [],
        enabled: true,
        rules: [
          { name: "zero", priority: 1, lifetimeMinutes: 60 },
          { name: "one", priority: 2 },
          { name: "two", priority: 3, scopes: ["read"], lifetimeMinutes: 5 },
        ],
      },
    });
  });

  test("name only scopes and applications of their own server", async () => {
    const foreign = (await call("POST", "/applications", { name: "Foreign" })).body.id;
    const own = (await call("POST", "/applications", { name: "Own", authorizationServer: "shop" })).body.id;
    expect(await call("POST", policies, { name: "x", rules: [{ name: "y", scopes: ["read", "elsewhere"] }] })).toMatchObject({
      status: 400,
      body: { errors: [{ path: "rules[0].scopes[1]" }] },
    });
    expect(await call("POST", policies, { name: "x", applications: [own, foreign] })).toMatchObject({
      status: 400,
      body: { errors: [{ path: "applications[1]" }] },
    });
    const id = await create("x", { applications: [own] });
    expect((await call("PATCH", `${policies}/${id}`, { applications: [foreign] })).status).toBe(400);
    expect((await call("PATCH", `/authorization-servers/default/policies/${id}`, { enabled: false })).status).toBe(404);
    expect((await call("PATCH", `${policies}/${id}`, { enabled: false, description: "off" })).body).toMatchObject({
      enabled: false,
      description: "off",
      applications: [own],
    });
  });

  test.each([
    [{ lifetimeMinutes: 4 }, "lifetimeMinutes"],
    [{ lifetimeMinutes: 1441 }, "lifetimeMinutes"],
    [{ grantTypes: ["password"] }, "grantTypes[0]"],
    [{ scopes: ["nope"] }, "scopes[0]"],
    [{ priority: 0 }, "priority"],
  ])("take no rule with %j", async (values, path) => {
    const id = await create("x");
    expect(await call("POST", `${policies}/${id}/rules`, { name: "r", ...values })).toMatchObject({
      status: 400,
      body: { errors: [{ path }] },
    });
  });
});

test("rules are added, moved, changed and deleted within their policy", async () => {
  const id = await create("Partners", { rules: [{ name: "a" }] });
  const rules = `${policies}/${id}/rules`;
  const names = async () => {
    const [first] = (await call("GET", policies)).body.items;
    return ((first?.rules ?? []) as { name: string; priority: number }[]).map((rule) => [rule.priority, rule.name]);
  };
  const b = (await call("POST", rules, { name: "b" })).body;
  expect(b).toMatchObject({ priority: 2, lifetimeMinutes: 60, grantTypes: [], scopes: [] });
  await call("POST", rules, { name: "c", priority: 1 });
  expect(await names()).toEqual([
    [1, "c"],
    [2, "a"],
    [3, "b"],
  ]);
  expect((await call("PATCH", `${rules}/${b.id}`, { priority: 1, lifetimeMinutes: 1440, scopes: ["read"] })).body).toMatchObject({
    priority: 1,
    lifetimeMinutes: 1440,
    scopes: ["read"],
  });
  expect(await names()).toEqual([
    [1, "b"],
    [2, "c"],
    [3, "a"],
  ]);
  const other = await create("Other");
  expect((await call("DELETE", `${policies}/${other}/rules/${b.id}`)).status).toBe(404);
  expect((await call("DELETE", `${rules}/${b.id}`)).status).toBe(204);
  expect(await names()).toEqual([
    [1, "c"],
    [2, "a"],
  ]);
  expect((await call("GET", "/activity")).body.items[0]?.summary).toBe("Deleted the rule b of the access policy Partners of Shop");
});

describe("deleting an application", () => {
  const application = async (name: string) => (await call("POST", "/applications", { name, authorizationServer: "shop" })).body.id;

  test("takes it out of the policies that name others too", async () => {
    const [a, b] = [await application("a"), await application("b")];
    await create("both", { applications: [a, b] });
    expect((await call("DELETE", `/applications/${a}`)).status).toBe(204);
    expect((await call("GET", policies)).body.items).toMatchObject([{ applications: [b] }]);
  });

  test("is rejected while a policy lists no other application, because the policy would apply to all", async () => {
    const a = await application("a");
    const alone = await create("only a", { applications: [a] });
    expect(await call("DELETE", `/applications/${a}`)).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining("the access policy only a, which lists no other application"),
        errors: [{ path: `authorization-servers/shop/policies/${alone}` }],
      },
    });
    expect((await call("GET", policies)).body.items).toMatchObject([{ applications: [a] }]);
    await call("DELETE", `${policies}/${alone}`);
    expect((await call("DELETE", `/applications/${a}`)).status).toBe(204);
  });
});
