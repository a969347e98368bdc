import { afterEach, beforeEach, expect, test, vi } from "vitest";

const TOKEN = "a-management-token-of-32-characters";
const user = { id: "user_1", email: "ann@example.com", name: "Ann", role: "admin" };
const CONSOLE = { "sec-fetch-site": "same-origin", "content-type": "application/json" };

beforeEach(() => {
  vi.stubEnv("GATEWRIGHT_PUBLIC_URL", "https://console.example");
  vi.stubEnv("GATEWRIGHT_ADMIN_TOKEN", TOKEN);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

async function outcomeOf(method: string, headers: Record<string, string>, signedIn: typeof user | null): Promise<string | number> {
  // The environment is read once in each instance of its module.
  const [{ authenticate }, { ManagementError }] = [await import("./principal"), await import("../errors")];
  try {
    const request = new Request("https://console.example/api/v1/apis", { method, headers });
    return (await authenticate(request, async () => signedIn)).name;
  } catch (error) {
    return error instanceof ManagementError ? error.status : 0;
  }
}

test.each(["POST", "PUT", "PATCH", "DELETE"])("%s with the session cookie is the console's own alone", async (method) => {
  expect(await outcomeOf(method, CONSOLE, user)).toBe(user.email);
  expect(await outcomeOf(method, { ...CONSOLE, "sec-fetch-site": "cross-site" }, user)).toBe(403);
  expect(await outcomeOf(method, { ...CONSOLE, "content-type": "text/plain" }, user)).toBe(415);
  expect(await outcomeOf(method, CONSOLE, null)).toBe(401);
});

test("reads with the session cookie need no more than the session", async () => {
  expect(await outcomeOf("GET", {}, user)).toBe(user.email);
  expect(await outcomeOf("GET", {}, null)).toBe(401);
});

test("only the exact management token is accepted, and a session doesn't replace it", async () => {
  expect(await outcomeOf("POST", { authorization: `Bearer ${TOKEN}` }, null)).toBe("Management token");
  for (const authorization of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, "Bearer", `Basic ${TOKEN}`, TOKEN, ""])
    expect(await outcomeOf("GET", { authorization }, user), authorization).toBe(401);
});

test("no token is one while none is set", async () => {
  vi.stubEnv("GATEWRIGHT_ADMIN_TOKEN", "");
  for (const given of [TOKEN, "undefined", "null"]) expect(await outcomeOf("GET", { authorization: `Bearer ${given}` }, user)).toBe(401);
});
