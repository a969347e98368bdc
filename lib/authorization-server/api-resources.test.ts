import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { packed, provideApiResources, RESOURCES_MAX, targetOf, unpacked } from "./api-resources";
import type { ServerRecord } from "./server-records";

const server = { id: "main", audience: "api://main" } as ServerRecord;
const ISSUER = "https://console.example/oauth2/main";
const API = "https://gateway.example/orders";
const OTHER_API = "https://gateway.example/stock";
const FOREIGN_API = "https://gateway.example/billing";

beforeAll(() => {
  vi.stubEnv("GATEWRIGHT_PUBLIC_URL", "https://console.example");
  provideApiResources(async (resource) => {
    if (resource === FOREIGN_API) return { uri: FOREIGN_API, issuers: ["https://console.example/oauth2/another"] };
    return [API, OTHER_API].includes(resource) ? { uri: resource, issuers: [ISSUER] } : null;
  });
});
afterAll(() => {
  vi.unstubAllEnvs();
  // The environment is read once in each instance of its module.
  vi.resetModules();
  provideApiResources(async () => null);
});

describe("the audience of a token", () => {
  it("is the API's that is named, each once, and the server's own without any", async () => {
    expect(await targetOf(server, [])).toEqual({ audience: "api://main" });
    expect(await targetOf(server, ["api://main"])).toEqual({ audience: "api://main" });
    expect(await targetOf(server, [API, API])).toEqual({ audience: API });
    expect(await targetOf(server, [API, OTHER_API])).toEqual({ audience: [API, OTHER_API] });
  });

  it.each([
    ["an API that names another server", FOREIGN_API],
    ["what nobody deployed", "https://gateway.example/nothing"],
    ["a text that is no URI", "orders"],
    ["a URI with a fragment", `${API}#part`],
  ])("is never that of %s, by itself or beside one that is known", async (_, resource) => {
    for (const resources of [[resource], [API, resource], [resource, API]])
      expect(await targetOf(server, resources)).toEqual({ problem: expect.any(String) });
  });

  it("is of a bounded number of APIs", async () => {
    const many = Array.from({ length: RESOURCES_MAX + 1 }, (_, index) => `${API}/${index}`);
    expect(await targetOf(server, many)).toEqual({ problem: expect.stringContaining(String(RESOURCES_MAX)) });
  });
});

it("packs resources so that the same come out, and reads nothing else", () => {
  for (const texts of [[], [API], [API, OTHER_API]]) expect(unpacked(packed(texts))).toEqual(texts);
  expect(unpacked(API)).toBeNull();
});
