import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { authOptions } from "./session";

beforeAll(() => vi.stubEnv("GATEWRIGHT_SECRET_KEY", Buffer.alloc(32, 1).toString("base64")));
afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

test("internal errors of a sign-in aren't returned to the client", async () => {
  const [provider] = authOptions().providers;
  if (!provider) throw new Error("There is no provider.");
  const { authorize } = provider.options as { authorize(credentials: Record<string, string>): Promise<unknown> };
  // Reading headers outside of a request fails with a message of the framework.
  await expect(authorize({ email: "ann@example.com", password: "x" })).rejects.toThrow(/^Unavailable$/);
});

test("clients can't write log lines", () => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const log = authOptions().logger?.error;
  log?.('INJECTED\n{"level":50}', new Error("x"));
  log?.("x".repeat(10_000), new Error("x"));
  expect(written).not.toHaveBeenCalled();
  log?.("JWT_SESSION_ERROR", new Error("x"));
  expect(written).toHaveBeenCalledOnce();
  log?.("JWT_SESSION_ERROR", new Error("JWT invalid"));
  expect(written).toHaveBeenCalledOnce();
});

test("sign-in redirects to pages of the console only", async () => {
  const redirect = authOptions().callbacks?.redirect;
  const baseUrl = "https://console.example";
  const leadsTo = (url: string) => redirect?.({ url, baseUrl });
  for (const path of ["/apis", "/apis/1?tab=flows"]) expect(await leadsTo(path)).toBe(baseUrl + path);
  expect(await leadsTo(`${baseUrl}/apis`)).toBe(`${baseUrl}/apis`);
  for (const elsewhere of [
    "//evil.example",
    "https://evil.example/",
    "https://console.example.evil.example/",
    "https://console.example@evil.example/",
    "\\\\evil.example",
    "javascript:alert(1)",
  ])
    expect(await leadsTo(elsewhere), elsewhere).toBe(baseUrl);
});
