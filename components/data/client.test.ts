import { afterEach, expect, test, vi } from "vitest";
import { ApiProblem, call, SIGNED_OUT_EVENT, urlOf } from "./client";
import { keyOf } from "./queries";

afterEach(() => vi.unstubAllGlobals());

/** How often the window is told that the session has ended, when the management API answers so. */
async function toldAfter(status: number): Promise<number> {
  const target = new EventTarget();
  let told = 0;
  target.addEventListener(SIGNED_OUT_EVENT, () => {
    told += 1;
  });
  vi.stubGlobal("window", target);
  vi.stubGlobal("fetch", async () => Response.json({ detail: "No." }, { status }));
  await expect(call("listApis", {})).rejects.toEqual(new ApiProblem(status, "No."));
  return told;
}

test("an ended session is told to the window, and no other failure is", async () => {
  expect(await toldAfter(401)).toBe(1);
  for (const status of [400, 403, 404, 412, 500, 503]) expect(await toldAfter(status), String(status)).toBe(0);
});

test("the URL of an operation has its parameters encoded, and no query that isn't given", () => {
  expect(urlOf("getKey", { params: { id: "default", kid: "a/b c" } })).toBe("/api/v1/authorization-servers/default/keys/a%2Fb%20c");
  expect(urlOf("getDeployment", { params: { id: "api_1", number: 3 } })).toBe("/api/v1/apis/api_1/deployments/3");
  expect(urlOf("getChanges", { params: { id: "api_1" }, query: { from: 3, to: undefined } })).toBe("/api/v1/apis/api_1/changes?from=3");
});

test("the cache key of a thing begins those of all that is in it", () => {
  const params = { id: "default", scopeId: "scope_1" };
  expect(keyOf("getScope", { params })).toEqual([...keyOf("listScopes", { params }), "scope_1"]);
  expect(keyOf("listScopes", { params })).toEqual([...keyOf("getAuthorizationServer", { params }), "scopes"]);
  expect(keyOf("getAuthorizationServer", { params })).toEqual([...keyOf("listAuthorizationServers", {}), "default"]);
});
