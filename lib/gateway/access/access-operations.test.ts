import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shapeOf } from "@/lib/definition/operation-paths";
import { METHODS } from "@/lib/definition/schema";
import { definitions } from "@/lib/definition/testing";
import { definition } from "../testing/fixtures";
import { compileAccess } from "./access";
import { listAccess } from "./access-operations";

const oauth2 = (requiredScopes: string[] = [], enabled = true) => ({
  policy: "oauth2",
  enabled,
  config: { resource: "as", requiredScopes },
});
const api = (changes: Record<string, unknown>) =>
  definition({
    endpoints: { production: { url: "http://localhost:9000" } },
    resources: [{ name: "as", type: "oauth2-builtin", config: {} }],
    ...changes,
  });
const documented = (...keys: string[]) =>
  keys.map((key) => {
    const [method = "", path = ""] = key.split(" ");
    return { method, path, summary: "From the document" };
  });
const rows = (list: ReturnType<typeof listAccess>) =>
  list.operations.map(({ method, path, level, sources }) => `${method} ${path} ${level} ${sources.join("+")}`);

describe("the operations of an API", () => {
  it("come from its flows and its document, merged by what they match", () => {
    const list = listAccess(
      api({
        flowSelection: "best",
        flows: [
          { name: "Everything", request: [oauth2()] },
          { name: "Read", match: { path: "/items/:id", operator: "equals", methods: ["GET"] }, request: [oauth2(["read"])] },
          { name: "Hello", match: { path: "/hello", operator: "equals" }, request: [oauth2([], false)] },
          { name: "Asleep", enabled: false, match: { path: "/asleep" } },
        ],
      }),
      documented("GET /items/:itemId", "POST /items", "GET /hello"),
    );
    expect(rows(list)).toEqual([
      "* / token flow",
      "GET /hello anonymous openapi+flow",
      "POST /items token openapi",
      "GET /items/:itemId scopes openapi+flow",
    ]);
    expect(list.everythingElse).toBe("token");
    expect(list.operations.find(({ path }) => path === "/items/:itemId")).toMatchObject({
      summary: "From the document",
      isWrite: false,
      requirements: [{ flow: "Read", step: "OAuth2", resource: "as", scopes: ["read"], scopeMode: "all" }],
    });
  });

  it("show what lies below a path apart when it is asked for something else", () => {
    const list = listAccess(
      api({
        flowSelection: "best",
        flows: [{ match: { path: "/items" }, request: [oauth2()] }, { match: { path: "/items", operator: "equals" } }],
      }),
      [],
    );
    expect(rows(list)).toEqual(["* /items anonymous flow", "* /items/:rest token flow"]);
    expect(list.everythingElse).toBe("anonymous");
  });

  it("are not those of stored paths in another product's notation, which guard nothing", () => {
    const stored = api({ flows: [{ match: { path: "/items" }, request: [oauth2()] }] });
    const flows = stored.flows.map((flow) => ({ ...flow, match: { ...flow.match, path: "/items/{id}" } }));
    const list = listAccess({ ...stored, flows }, []);
    expect(rows(list)).toEqual([]);
    expect(list.everythingElse).toBe("anonymous");
  });

  it("show methods apart when they are asked for different things", () => {
    const list = listAccess(
      api({
        flows: [
          { match: { path: "/items" } },
          { match: { path: "/items", methods: ["POST", "GET"] }, request: [oauth2()] },
          { match: { path: "/", methods: ["DELETE"] }, request: [oauth2()] },
        ],
      }),
      [],
    );
    expect(rows(list).filter((row) => row.includes("/items"))).toEqual([
      "GET /items token flow",
      "POST /items token flow",
      "PUT /items anonymous flow",
      "PATCH /items anonymous flow",
      "DELETE /items token flow",
      "OPTIONS /items anonymous flow",
    ]);
    expect(list.everythingElse).toBe("anonymous");
  });

  it("are refused where no call reaches the backend", () => {
    const sandboxOnly = api({
      endpoints: { sandbox: { url: "http://localhost:9000" } },
      flows: [{ match: { path: "/Hello" }, request: [oauth2()] }],
    });
    const list = listAccess(sandboxOnly, documented("TRACE /x", "GET /x", "GET /hello", "GET /Hello"));
    expect(rows(list)).toEqual([
      "GET /hello refused openapi",
      "GET /Hello token openapi+flow",
      "GET /x refused openapi",
      "TRACE /x refused openapi",
    ]);
    expect(list.everythingElse).toBe("refused");
  });

  it("have the levels that the matcher gives their paths, and name each operation once", () => {
    fc.assert(
      fc.property(definitions, (random) => {
        const access = compileAccess(random);
        const { operations } = listAccess(random, []);
        expect(new Set(operations.map(({ method, path }) => `${method} ${path}`)).size).toBe(operations.length);
        for (const { method, path, level, requirements } of operations) {
          const named = new Set(operations.filter((other) => shapeOf(other.path) === shapeOf(path)).map((other) => other.method));
          const asked = method === "*" ? METHODS.filter((candidate) => !named.has(candidate)) : [method];
          for (const each of asked) expect(access(each, path.replace(/:\w+/g, "fresh"))).toEqual({ level, requirements });
        }
      }),
      { numRuns: 300 },
    );
  });
});
