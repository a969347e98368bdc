import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { operationsQuery, readAccess } from "./access";
import { apisQuery, deploymentsQuery } from "./apis";
import { activityQuery, applicationsQuery, authorizationServersQuery, scopesQuery } from "./authorization";
import { gatewaysQuery } from "./gateways";
import { claimsQuery, keysQuery, policiesQuery } from "./server-rules";

const ITEMS = 450;
const asked: URL[] = [];

/** A management API whose lists have three pages of 200 at most. */
async function answer(input: string): Promise<Response> {
  const url = new URL(input, "http://console.example");
  asked.push(url);
  const limit = Math.min(200, Number(url.searchParams.get("limit") ?? 100));
  const from = Number(url.searchParams.get("cursor")?.slice("after ".length) ?? 0);
  const items = Array.from({ length: Math.min(limit, ITEMS - from) }, (_, index) => ({ id: `item ${from + index}` }));
  const next = from + items.length;
  const nextCursor = next < ITEMS ? `after ${next}` : null;
  if (url.pathname.endsWith("/access")) return Response.json({ of: url.searchParams.get("of"), operations: items, nextCursor });
  return Response.json({ items, nextCursor });
}

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", answer);
});
afterEach(() => vi.unstubAllGlobals());

const every = Array.from({ length: ITEMS }, (_, index) => ({ id: `item ${index}` }));
const read = async (options: { queryKey: readonly unknown[]; queryFn?: unknown }) =>
  new QueryClient().fetchQuery({ queryKey: options.queryKey, queryFn: options.queryFn as () => Promise<unknown> });

test.each([
  ["apis", apisQuery(), "/api/v1/apis"],
  ["deployments", deploymentsQuery("api_1"), "/api/v1/apis/api_1/deployments"],
  ["authorization servers", authorizationServersQuery(), "/api/v1/authorization-servers"],
  ["scopes", scopesQuery("default"), "/api/v1/authorization-servers/default/scopes"],
  ["claims", claimsQuery("default"), "/api/v1/authorization-servers/default/claims"],
  ["policies", policiesQuery("default"), "/api/v1/authorization-servers/default/policies"],
  ["keys", keysQuery("default"), "/api/v1/authorization-servers/default/keys"],
  ["applications", applicationsQuery(), "/api/v1/applications"],
  ["gateways", gatewaysQuery(), "/api/v1/gateways"],
  ["operations", operationsQuery("api_1", "deployed", 1), "/api/v1/apis/api_1/operations"],
])("the console reads every page of the %s", async (_, options, path) => {
  expect(await read(options)).toEqual(every);
  expect(asked.map((url) => url.pathname)).toEqual([path, path, path]);
});

test("the levels of access are read to the end", async () => {
  expect(await readAccess("api_1", "deployed")).toEqual({ of: "deployed", operations: every, nextCursor: null });
  expect(asked).toHaveLength(3);
  expect(asked.every((url) => url.searchParams.get("of") === "deployed")).toBe(true);
});

test("the activity is read a page at a time, on to its end", async () => {
  const { pages } = await new QueryClient().fetchInfiniteQuery({ ...activityQuery(), pages: 9 });
  expect(pages.flatMap(({ items }) => items)).toEqual(every);
  expect(asked).toHaveLength(3);
});
