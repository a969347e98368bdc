import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deployDraft, saveDraft, undeploy } from "./apis";

const sent: { method: string | undefined; url: string; ifMatch: string | null }[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("fetch", async (url: string, { method, headers }: RequestInit) => {
    sent.push({ method, url, ifMatch: new Headers(headers).get("if-match") });
    return Response.json({ number: 1 }, { headers: { ETag: '"8"' } });
  });
});
afterEach(() => vi.unstubAllGlobals());

test("a deploy names the draft that was reviewed, also when a proxy took its ETag away", async () => {
  await deployDraft("api_1", { label: "", etag: '"7"' });
  await deployDraft("api_1", { label: "", etag: "" });
  const deploy = { method: "POST", url: "/api/v1/apis/api_1/deployments" };
  expect(sent).toEqual([
    { ...deploy, ifMatch: '"7"' },
    { ...deploy, ifMatch: "" },
  ]);
});

test("a save names the draft that was edited, and answers the ETag of the next one", async () => {
  expect(await saveDraft("api_1", { definition: {}, etag: '"7"' })).toMatchObject({ etag: '"8"' });
  expect(sent).toEqual([{ method: "PUT", url: "/api/v1/apis/api_1/definition", ifMatch: '"7"' }]);
});

test("Undeploy names the deployment that is shown", async () => {
  await undeploy("api_1", 3);
  expect(sent).toEqual([
    { method: "GET", url: "/api/v1/apis/api_1/deployments/3", ifMatch: null },
    { method: "DELETE", url: "/api/v1/apis/api_1/deployments/active", ifMatch: '"8"' },
  ]);
});
