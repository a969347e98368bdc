import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { packed, provideApiResources, RESOURCES_MAX, targetOf, unpacked } from "./api-resources";
import type { ServerRecord } from "./server-records";

const server = { id: "main", audience: "api://main" } as ServerRecord;
const ISSUER = "https://console.example/oauth2/main";
const API = "https://gateway.example/orders";
const OTHER_API = "https://gateway.example/stock";
const API_OF_OTHER_SERVER = "https://gateway.example/billing";

beforeAll(() => {
  vi.stubEnv("GATEWRIGHT_PUBLIC_URL", "https://console.example");
  provideApiResources(async (resource) => {
    if (resource === API_OF_OTHER_SERVER) return { uri: API_OF_OTHER_SERVER, issuers: ["https://console.example/oauth2/another"] };
    return [API, OTHER_API].includes(resource) ? { uri: resource, issuers: [ISSUER] } : null;
  });
});
afterAll(() => {
  vi.unstubAllEnvs();
  // Each instance of the module reads the environment once.
  vi.resetModules();
  provideApiResources(async () => null);
});

describe("the audience of a token", () => {
  it("is the named APIs without duplicates, or the server's default audience without a resource", async () => {
    expect(await targetOf(server, [])).toEqual({ audience: "api://main" });
    expect(await targetOf(server, ["api://main"])).toEqual({ audience: "api://main" });
    expect(await targetOf(server, [API, API])).toEqual({ audience: API });
    expect(await targetOf(server, [API, OTHER_API])).toEqual({ audience: [API, OTHER_API] });
  });

  it.each([
    ["an API that names another server", API_OF_OTHER_SERVER],
    ["an API that isn't deployed", "https://gateway.example/nothing"],
    ["a text that isn't a URI", "orders"],
    ["a URI with a fragment", `${API}#part`],
  ])("never includes %s, alone or with a known resource", async (_, resource) => {
    for (const resources of [[resource], [API, resource], [resource, API]])
      expect(await targetOf(server, resources)).toEqual({ problem: expect.any(String) });
  });

  it("has a bounded number of APIs", async () => {
    const many = Array.from({ length: RESOURCES_MAX + 1 }, (_, index) => `${API}/${index}`);
    expect(await targetOf(server, many)).toEqual({ problem: expect.stringContaining(String(RESOURCES_MAX)) });
  });
});

it("unpacks what it packed and nothing else", () => {
  for (const texts of [[], [API], [API, OTHER_API]]) expect(unpacked(packed(texts))).toEqual(texts);
  expect(unpacked(API)).toBeNull();
});
