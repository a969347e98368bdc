import { afterAll, beforeAll, expect, test } from "vitest";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);
const claims = "/authorization-servers/default/claims";

beforeAll(async () => {
  management = await startManagement();
  await call("POST", "/authorization-servers/default/scopes", { name: "read" });
}, 120_000);
afterAll(() => management?.stop());

test.each([
  ["text", "gold"],
  ["null", null],
  ["false", false],
  ["a list", ["a", 1, null]],
  ["an object", { deep: { er: [true] } }],
])("a static claim is %s as it was given", async (name, value) => {
  const claim = await call("POST", claims, { name: `static-${name.replace(" ", "-")}`, value });
  expect(claim).toMatchObject({ status: 201, body: { kind: "static", value, scopes: [] } });
  expect((await call("GET", claims)).body.items).toContainEqual(claim.body);
});

test("a claim is changed as a whole: what it will be is checked, not what is sent alone", async () => {
  const { id } = (await call("POST", claims, { name: "env", kind: "expression", value: "client.environment", scopes: ["read"] })).body;
  expect((await call("PATCH", `${claims}/${id}`, { scopes: [] })).body).toMatchObject({ kind: "expression", scopes: [] });
  expect(await call("PATCH", `${claims}/${id}`, { value: "client." })).toMatchObject({
    status: 400,
    body: { errors: [{ path: "value" }] },
  });
  expect((await call("PATCH", `${claims}/${id}`, { value: 7 })).status).toBe(400);
  expect((await call("PATCH", `${claims}/${id}`, { kind: "static", value: 7 })).body).toMatchObject({ kind: "static", value: 7 });
  expect((await call("PATCH", `${claims}/${id}`, { kind: "expression" })).status).toBe(400);
  expect((await call("GET", "/activity")).body.items[0]?.summary).toBe("Changed the claim env of Default: the kind and the value");
  expect((await call("DELETE", `${claims}/${id}`)).status).toBe(204);
  expect((await call("PATCH", `${claims}/${id}`, {})).status).toBe(404);
});

test.each([
  [{ name: "iss", value: "x" }, "name"],
  [{ name: "two words", value: "x" }, "name"],
  [{ name: "big", value: "x".repeat(10_000) }, "value"],
  [{ name: "broken", kind: "expression", value: "client.(" }, "value"],
  [{ name: "number", kind: "expression", value: 7 }, "value"],
  [{ name: "scoped", value: 1, scopes: ["read", "nope"] }, "scopes[1]"],
  [{ name: "nothing" }, "value"],
])("no claim is made of %j", async (claim, path) => {
  expect(await call("POST", claims, claim)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
});

test("a server has each claim once", async () => {
  await call("POST", claims, { name: "once", value: 1 });
  expect(await call("POST", claims, { name: "once", value: 2 })).toMatchObject({ status: 409, body: { errors: [{ path: "name" }] } });
});

const nested = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);

test.each([
  ["a thousand levels deep", nested(1000)],
  ["so deep that its text is too long", nested(3000)],
  ["an object with a prototype", JSON.parse('{"__proto__":{"x":1}}')],
  ["with a NUL", { deep: ["\u0000"] }],
  ["with half a character", "\ud800"],
])("a value that is %s is stored as it is or refused, and never fails", async (name, value) => {
  const answer = await call("POST", claims, { name: `hostile-${name.length}`, value });
  expect([201, 400]).toContain(answer.status);
  if (answer.status === 201) expect(answer.body.value).toEqual(value);
});
