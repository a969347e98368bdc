import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ManagementError } from "../errors";
import { requireOwnWrite } from "./cookie-write";

beforeAll(() => vi.stubEnv("GATEWRIGHT_PUBLIC_URL", "https://console.example"));
afterAll(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

function statusOf(method: string, headers: Record<string, string>): number {
  try {
    requireOwnWrite(new Request("https://console.example/api/v1/apis", { method, headers }));
    return 200;
  } catch (error) {
    return error instanceof ManagementError ? error.status : 0;
  }
}

const JSON_TYPE = { "content-type": "application/json" };
const WRITES = ["POST", "PUT", "PATCH", "DELETE"];

test.each(WRITES)("a cross-site %s is 403, also with the console's Origin, because Sec-Fetch-Site decides", (method) => {
  const elsewhere: Record<string, string>[] = [
    {},
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "cross-site", origin: "https://console.example" },
    { origin: "https://evil.example" },
    { origin: "https://console.example.evil.example" },
    { origin: "null" },
    { origin: "" },
  ];
  for (const headers of elsewhere)
    expect(statusOf(method, { ...JSON_TYPE, host: "console.example", ...headers }), JSON.stringify(headers)).toBe(403);
});

test.each(WRITES)("%s as what a form can send is 415", (method) => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain; application/json", ""])
    expect(statusOf(method, { "sec-fetch-site": "same-origin", ...(type ? { "content-type": type } : {}) }), type).toBe(415);
});

test("the console's own writes pass, and every read", () => {
  for (const method of WRITES) {
    expect(statusOf(method, { ...JSON_TYPE, "sec-fetch-site": "same-origin" })).toBe(200);
    expect(statusOf(method, { "content-type": "Application/JSON; charset=utf-8", origin: "https://console.example" })).toBe(200);
    expect(statusOf(method, { ...JSON_TYPE, origin: "http://10.0.0.1:3000", host: "10.0.0.1:3000" })).toBe(200);
  }
  for (const method of ["GET", "HEAD"]) expect(statusOf(method, { "sec-fetch-site": "cross-site" })).toBe(200);
});
