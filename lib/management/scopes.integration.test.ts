import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);

beforeAll(async () => {
  management = await startManagement();
  await call("POST", "/authorization-servers", { name: "Shop", audience: "api://shop" });
}, 120_000);
afterAll(() => management?.stop());

const scopes = "/authorization-servers/shop/scopes";
const created = async (name: string, more: object = {}) => (await call("POST", scopes, { name, ...more })).body.id;

describe("a scope", () => {
  test("is made with what it is, changed, and listed by name", async () => {
    const id = await created("orders:read", { description: "Reads orders", default: true, published: true });
    expect((await call("PATCH", `${scopes}/${id}`, { default: false, description: "Reads" })).body).toMatchObject({
      id,
      name: "orders:read",
      description: "Reads",
      default: false,
      published: true,
    });
    await created("admin");
    expect((await call("GET", scopes)).body.items.map((scope) => scope.name)).toEqual(["admin", "orders:read"]);
    expect((await call("GET", "/activity")).body.items).toContainEqual(
      expect.objectContaining({ summary: "Changed the scope orders:read of Shop: the description and the default setting" }),
    );
  });

  test.each(["two words", 'quo"te', "back\\slash", "", "umläut", "x\u0000"])("is not called %j", async (name) => {
    expect(await call("POST", scopes, { name })).toMatchObject({
      status: 400,
      body: { errors: expect.arrayContaining([expect.objectContaining({ path: "name" })]) },
    });
  });

  test("has a unique name on its server, also with concurrent requests", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => call("POST", scopes, { name: "wanted" })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.errors).toMatchObject([{ path: "name" }]);
    expect((await call("POST", "/authorization-servers/default/scopes", { name: "wanted" })).status).toBe(201);
  });

  test("cannot be changed or deleted by way of another server", async () => {
    const id = await created("ours");
    expect((await call("PATCH", `/authorization-servers/default/scopes/${id}`, { published: true })).status).toBe(404);
    expect((await call("DELETE", `/authorization-servers/default/scopes/${id}`)).status).toBe(404);
    expect((await call("DELETE", `${scopes}/${id}`)).status).toBe(204);
    expect((await call("DELETE", `${scopes}/${id}`)).status).toBe(404);
  });
});

describe("a scope in use isn't deleted, and the response names its uses:", () => {
  const refusal = async (id: string) => {
    const answer = await call("DELETE", `${scopes}/${id}`);
    return { status: answer.status, detail: answer.body.detail, paths: answer.body.errors?.map(({ path }) => path) };
  };

  test("an application, a rule and a claim", async () => {
    const id = await created("held");
    const application = await call("POST", "/applications", { name: "Till", authorizationServer: "shop", scopes: ["held"] });
    const policy = await call("POST", "/authorization-servers/shop/policies", {
      name: "Partners",
      rules: [{ name: "Held only", scopes: ["held"] }],
    });
    const [rule] = policy.body.rules as { id: string }[];
    const claim = await call("POST", "/authorization-servers/shop/claims", { name: "tier", value: "gold", scopes: ["held"] });
    expect(await refusal(id)).toEqual({
      status: 409,
      detail:
        "The scope held is in use by the application Till, the rule Held only of the policy Partners and the claim tier. Remove it there first.",
      paths: [
        `applications/${application.body.id}`,
        `authorization-servers/shop/policies/${policy.body.id}/rules/${rule?.id}`,
        `authorization-servers/shop/claims/${claim.body.id}`,
      ],
    });
    await call("PATCH", `/applications/${application.body.id}`, { scopes: [] });
    await call("DELETE", `/authorization-servers/shop/policies/${policy.body.id}/rules/${rule?.id}`);
    await call("PATCH", `/authorization-servers/shop/claims/${claim.body.id}`, { scopes: [] });
    expect((await refusal(id)).status).toBe(204);
  });

  test("an API whose draft or active deployment requires it of this server's tokens", async () => {
    const id = await created("stock:read");
    const definition = (server: string, requiredScopes: string[]) => ({
      name: `Stock of ${server}`,
      version: "1.0.0",
      contextPath: `/stock-${server}`,
      endpoints: { production: { url: "https://stock.example" } },
      resources: [{ name: "own", type: "oauth2-builtin", config: { server } }],
      flows: [{ request: [{ policy: "oauth2", config: { resource: "own", requiredScopes } }] }],
    });
    const api = await call("POST", "/apis", definition("shop", ["stock:read"]));
    // The same name at another server is another scope.
    await call("POST", "/apis", definition("default", ["stock:read"]));
    const path = `apis/${api.body.id}`;
    expect(await refusal(id)).toMatchObject({
      status: 409,
      paths: [path],
      detail: expect.stringContaining("the API Stock of shop (draft)"),
    });
    await call("POST", `/apis/${api.body.id}/deployments`, {});
    expect(await refusal(id)).toMatchObject({ status: 409, paths: [path], detail: expect.stringContaining("the API Stock of shop.") });
    const { headers } = await call("GET", `/apis/${api.body.id}/definition`);
    await call("PUT", `/apis/${api.body.id}/definition`, definition("shop", []), { "If-Match": String(headers.get("etag")) });
    expect(await refusal(id)).toMatchObject({ status: 409, detail: expect.stringContaining("(active deployment)") });
    await call("DELETE", `/apis/${api.body.id}/deployments/active`);
    expect((await refusal(id)).status).toBe(204);
  });
});
