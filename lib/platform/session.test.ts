import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { authOptions } from "./session";

beforeAll(() => vi.stubEnv("GATEWRIGHT_SECRET_KEY", Buffer.alloc(32, 1).toString("base64")));
afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

test("what goes wrong inside a sign-in is not told to whoever signs in", async () => {
  const [provider] = authOptions().providers;
  if (!provider) throw new Error("There is no provider.");
  const { authorize } = provider.options as { authorize(credentials: Record<string, string>): Promise<unknown> };
  // Outside of a request, reading its headers fails with a message about the framework.
  await expect(authorize({ email: "ann@example.com", password: "x" })).rejects.toThrow(/^Unavailable$/);
});

test("nobody writes lines of their own into the log", () => {
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

test("signing in leads to pages of the console alone", async () => {
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
