import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeCurlScript } from "./curl-script";
import { callsOf, type ExportedApi } from "./exported-api";
import { writePostman } from "./postman";

const api: ExportedApi = {
  name: "Orders",
  version: "1.0.0",
  description: "Orders of the shop",
  url: "http://localhost:3000/gateway/orders",
  tokenUrl: "http://localhost:3000/oauth2/default/v1/token",
  scope: "orders:read orders:write",
  operations: [
    { method: "GET", path: "/items/:id", summary: "One item", needsToken: true },
    { method: "POST", path: "/items", summary: "", needsToken: true },
    { method: "GET", path: "/hello wörld", summary: "", needsToken: false },
    { method: "*", path: "/", summary: "Everything", needsToken: true },
  ],
};

const collectionOf = (changes: Partial<ExportedApi> = {}) => JSON.parse(writePostman({ ...api, ...changes }, true));

describe("the Postman collection", () => {
  it("asks for a token first, keeps it, and sends it where one is needed", () => {
    const collection = collectionOf();
    expect(collection.info).toMatchObject({ name: "Orders 1.0.0", schema: expect.stringContaining("/v2.1.0/") });
    const [token, item, post, hello, root] = collection.item;
    expect(token).toMatchObject({ name: "Get a token", request: { method: "POST", url: "{{token_url}}", auth: { type: "basic" } } });
    expect(token.event[0].script.exec.join("\n")).toContain('pm.collectionVariables.set("token"');
    expect(item.request).toMatchObject({
      method: "GET",
      auth: { type: "bearer", bearer: [{ key: "token", value: "{{token}}", type: "string" }] },
      url: { raw: "{{host}}/items/:id", host: ["{{host}}"], path: ["items", ":id"], variable: [{ key: "id", value: "1" }] },
    });
    expect(post.request).toMatchObject({ method: "POST", body: { mode: "raw" } });
    expect(hello.request).toMatchObject({ auth: { type: "noauth" }, url: { path: ["hello%20w%C3%B6rld"] } });
    expect(root.request).toMatchObject({ method: "GET", url: { raw: "{{host}}", path: [] } });
  });

  it("has a variable for everything that differs, and no secret", () => {
    const { variable } = collectionOf();
    expect(Object.fromEntries(variable.map(({ key, value }: { key: string; value: string }) => [key, value]))).toEqual({
      host: api.url,
      token_url: api.tokenUrl,
      client_id: "",
      client_secret: "",
      scope: api.scope,
      token: "",
    });
  });

  it("asks for no token where none is needed", () => {
    const collection = collectionOf({ operations: [{ method: "GET", path: "/hello", summary: "", needsToken: false }] });
    expect(collection.item).toHaveLength(1);
    expect(collection.variable.map(({ key }: { key: string }) => key)).toEqual(["host"]);
  });
});

describe("the operations as calls", () => {
  it("make any method a GET, once, and are never none", () => {
    const any = { method: "*", path: "/a/:x", summary: "", needsToken: true };
    expect(callsOf([any], false)).toEqual([{ ...any, method: "GET" }]);
    expect(callsOf([any, { ...any, method: "GET", path: "/a/:y" }], false).map(({ path }) => path)).toEqual(["/a/:y"]);
    expect(callsOf([], true)).toEqual([{ method: "GET", path: "/", summary: "", needsToken: true }]);
  });
});

describe("the curl script", () => {
  it("writes what people wrote as one word or one comment, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, scope) => {
        const fixed = writeCurlScript(
          { ...api, name: "x", operations: [{ method: "GET", path: "/", summary: "x", needsToken: true }] },
          true,
        );
        const script = writeCurlScript(
          {
            ...api,
            name: text,
            scope: scope.replace(/\n/g, ""),
            operations: [{ method: "GET", path: "/", summary: text || "x", needsToken: true }],
          },
          true,
        );
        expect(script.split("\n")).toHaveLength(fixed.split("\n").length);
      }),
    );
  });
});
