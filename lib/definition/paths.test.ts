import { describe, expect, it } from "vitest";
import { contextPathProblem, flowPathProblem, storedFlowPathProblem } from "./paths";
import { definitionSchema, pathProblemsOf, storedDefinitionSchema } from "./schema";
import { definitionFor, registry } from "./testing";

/** A path as another product writes it, and what the message has to name. */
const FOREIGN: [path: string, form: string][] = [
  ["/items/{id}", "Use /items/:id."],
  ["/items/<id>", "Use /items/:id."],
  ["/items/<int:id>", "Use /items/:id."],
  ["/items/[id]", "Use /items/:id."],
  ["/items/{product-id}", "Use /items/:product_id."],
  ["/items/{id:[0-9]+}", "Use /items/:id."],
  ["/items/{id:\\d{3}}", "Use /items/:id."],
  ["/items/{id}/lines/{id}", "Use /items/:id/lines/:id_2."],
  ["/items/{id}.json", "Use /items/:id.json."],
  ["/items/{id}:cancel", "Use /items/:id:cancel."],
  ["/items/$" + "{id}", "Use /items/:id."],
  ["/items/#{id}", "Use /items/:id."],
  ["/items/:id(\\d+)", "Use /items/:id."],
  ["/items/:id(.*)", "Use /items/:id."],
  ["/items/:id?", "Use /items/:id."],
  ["/items/:id*", "Use /items/:id."],
  ["/items/:id+", "Use /items/:id."],
  ["/items/:product-id", "Use /items/:product_id."],
  ["/items/*", "Use /items with the operator startsWith."],
  ["/items/**", "Use /items with the operator startsWith."],
  ["/items/***", "Use /items with the operator startsWith."],
  ["/items/.*", "Use /items with the operator startsWith."],
  ["/items/(.*)", "Use /items with the operator startsWith."],
  ["/items(.*)", "Use /items with the operator startsWith."],
  ["/items/(.+)", "Use /items with the operator startsWith."],
  ["/items/{proxy+}", "Use /items with the operator startsWith."],
  ["/items/{*rest}", "Use /items with the operator startsWith."],
  ["/items/[...slug]", "Use /items with the operator startsWith."],
  ["/items/{rest...}", "Use /items with the operator startsWith."],
  ["/items/*rest", "Use /items with the operator startsWith."],
  ["/items/**/*", "Use /items with the operator startsWith."],
  ["/*", "Use / with the operator startsWith."],
  ["/**", "Use / with the operator startsWith."],
  ["^/items$", "Use /items."],
  ["/items$", "Use /items."],
  ["~/items/\\d+$", "Use /items/:any"],
  ["~ ^/items/[0-9]+$", "Use /items/:any"],
  ["~* ^/items", "Use /items."],
  ["^~ /items", "Use /items."],
  ["= /items", "Use /items."],
  ["/items/(?<id>[0-9]+)", "Use /items/:id."],
  ["/items/(?P<id>\\d+)", "Use /items/:id."],
  ["/items/[^/]+", "Use /items/:any"],
  ["/items/[0-9]+/lines", "Use /items/:any/lines"],
  ["/items/*/lines", "Use /items/:any/lines, where :any matches exactly one segment."],
  ["/(.*)/x", "Use /:any/x, where :any matches exactly one segment."],
  ["/items/%7Bid%7D", "Use /items/:id."],
  ["/items/%7bid%7d", "Use /items/:id."],
  ["/items/%257Bid%257D", "Use /items/:id."],
  ["/items/%2A", "Use /items with the operator startsWith."],
  ["/items/%3Cid%3E", "Use /items/:id."],
  ["/items*", ":id"],
  ["/*.json", ":id"],
  ["/items/(a|b)", ":id"],
  ["/items/**/lines", ":id"],
  ["/v{version}/items", ":id"],
  ["/a^b", ":id"],
  ["/a|b", ":id"],
  ["/Orders(:id)", ":id"],
  ["/report.:format", ":id"],
  ["/:from-:to", ":id"],
  ["/:from.:to", ":id"],
];

/** Paths that mean themselves. */
const OURS = [
  ["/", "/items", "/items/", "/items/:id", "/:a/:b/c", "/$metadata", "/$batch", "/@me", "/~user", "/-/x", "/+/x"],
  ["/Orders(5)", "/Orders('abc')", "/f(a=1,b=2)", "/a,b", "/a=b", "/a!b", "/a&b", "/a+b", "/a*b", "/v1.0/x", "/cost$/x", "/größe", "/a:b"],
  [
    "/orders:batchCancel",
    "/orders/:id:cancel",
    "/:sid.json",
    "/:id.tar.gz",
    "/:name@latest",
    "/größe:x",
    "/urn:isbn:1",
    "/a::b",
    "/:a/:b.json",
  ],
].flat();

describe("a flow's path", () => {
  it.each(FOREIGN)("%s is refused, with the form of ours", (path, form) => {
    expect(flowPathProblem(path)).toContain(form);
  });

  it("is offered in a form that is accepted", () => {
    for (const [path] of FOREIGN) {
      const [, offered] = /Write (\/\S*?)(?:\.?$| with|, where)/.exec(flowPathProblem(path) ?? "") ?? [];
      if (offered !== undefined) expect(flowPathProblem(offered), path).toBeUndefined();
    }
  });

  it.each(OURS)("%s is accepted", (path) => {
    expect(flowPathProblem(path)).toBeUndefined();
  });

  it.each([
    "items",
    "/a//b",
    "/a/../b",
    "/a.",
    "/:",
    "/:1",
    "/:a/:a",
    "/:a.x/:a",
    "/a?b",
    "/a#b",
    "/a b",
    "/a;b",
    "/a%20b",
    "/a\\b",
    "/a\u0000",
  ])("%j is refused", (path) => {
    expect(flowPathProblem(path)).toBeDefined();
    expect(storedFlowPathProblem(path)).toBeDefined();
  });
});

describe("a context path", () => {
  it.each([
    ["/orders/{id}", "Use /orders, and match /:id in a flow."],
    ["/orders/*", "Use /orders."],
    ["/orders/**", "Use /orders."],
    ["/orders/(.*)", "Use /orders."],
    ["/orders/:id", "Use /orders, and match /:id in a flow."],
    ["/orders/<id>/lines", "Use /orders, and match /:id/lines in a flow."],
    ["/orders/%7Bid%7D", "Use /orders, and match /:id in a flow."],
    ["/{version}/orders", "Use the value itself, for example /v1."],
    ["/*", "Use /."],
  ])("%s is refused, with the form of ours", (path, form) => {
    expect(contextPathProblem(path)).toContain(form);
  });

  it.each(["/", "/orders", "/~me/v1.0", "/a-b_c"])("%s is accepted", (path) => {
    expect(contextPathProblem(path)).toBeUndefined();
  });
});

describe("a stored definition with another product's notation", () => {
  const stored = {
    ...definitionFor(),
    flows: [{ match: { path: "/items" } }, { match: { path: "/items/{id}" } }, { match: { path: "/items/*" } }],
  };

  it("is still read, and named", () => {
    const read = storedDefinitionSchema(registry).parse(stored);
    expect(pathProblemsOf(read).map(({ path }) => path)).toEqual(["flows[1].match.path", "flows[2].match.path"]);
  });

  it("is not written again", () => {
    const result = definitionSchema(registry).safeParse(stored);
    expect(result.error?.issues.map(({ path }) => path.join("."))).toEqual(["flows.1.match.path", "flows.2.match.path"]);
  });
});
