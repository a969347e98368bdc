import { expect, test } from "vitest";
import { countersWithFallback, memoryCounters } from "./counters";
import { loginThrottle } from "./login-throttle";

function atTime() {
  const clock = { ms: 1_000_000 };
  return { clock, throttle: loginThrottle(memoryCounters(() => clock.ms)) };
}

async function fail(throttle: ReturnType<typeof loginThrottle>, times: number, account: string, address: string) {
  for (let index = 0; index < times; index += 1) await throttle.failed(account, address);
}

test("the tenth wrong password closes the account for that address", async () => {
  const { throttle } = atTime();
  await fail(throttle, 9, "ann@example.com", "10.0.0.1");
  expect(await throttle.waitSeconds("ann@example.com", "10.0.0.1")).toBe(0);
  await fail(throttle, 1, "ann@example.com", "10.0.0.1");
  expect(await throttle.waitSeconds("ann@example.com", "10.0.0.1")).toBe(900);
});

test("the owner can still sign in from elsewhere", async () => {
  const { throttle } = atTime();
  await fail(throttle, 10, "ann@example.com", "10.0.0.1");
  expect(await throttle.waitSeconds("ann@example.com", "10.0.0.2")).toBe(0);
});

test("capital letters and spaces do not give another ten tries", async () => {
  const { throttle } = atTime();
  await fail(throttle, 10, "ann@example.com", "10.0.0.1");
  expect(await throttle.waitSeconds(" Ann@Example.com", "10.0.0.1")).toBeGreaterThan(0);
});

test("one address cannot try many accounts", async () => {
  const { throttle } = atTime();
  for (let index = 0; index < 30; index += 1) await throttle.failed(`user${index}@example.com`, "10.0.0.1");
  expect(await throttle.waitSeconds("fresh@example.com", "10.0.0.1")).toBeGreaterThan(0);
});

test("many addresses cannot try one account", async () => {
  const { throttle } = atTime();
  for (let index = 0; index < 100; index += 1) await throttle.failed("ann@example.com", `10.0.1.${index}`);
  expect(await throttle.waitSeconds("ann@example.com", "10.0.9.9")).toBeGreaterThan(0);
});

test("after a quarter of an hour the tries are back", async () => {
  const { clock, throttle } = atTime();
  await fail(throttle, 10, "ann@example.com", "10.0.0.1");
  clock.ms += 15 * 60 * 1000;
  expect(await throttle.waitSeconds("ann@example.com", "10.0.0.1")).toBe(0);
});

test("a right password gives the tries back", async () => {
  const { throttle } = atTime();
  await fail(throttle, 9, "ann@example.com", "10.0.0.1");
  await throttle.succeeded("ann@example.com", "10.0.0.1");
  await fail(throttle, 9, "ann@example.com", "10.0.0.1");
  expect(await throttle.waitSeconds("ann@example.com", "10.0.0.1")).toBe(0);
});

test("shared counters that are away are replaced by this process's own", async () => {
  const away = () => Promise.reject(new Error("away"));
  const throttle = loginThrottle(countersWithFallback({ read: away, add: away, clear: away }, memoryCounters()));
  await fail(throttle, 10, "ann@example.com", "10.0.0.1");
  expect(await throttle.waitSeconds("ann@example.com", "10.0.0.1")).toBeGreaterThan(0);
});
