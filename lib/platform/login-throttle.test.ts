import { expect, test } from "vitest";
import { countersWithFallback } from "./counters";
import { loginThrottle } from "./login-throttle";
import { memoryCounters } from "./memory-counters";

function atTime() {
  const clock = { ms: 1_000_000 };
  return { clock, throttle: loginThrottle(memoryCounters(() => clock.ms)) };
}

async function fail(throttle: ReturnType<typeof loginThrottle>, times: number, account: string, address: string) {
  for (let index = 0; index < times; index += 1) await throttle.take(account, address);
}

test("ten tries are allowed, the eleventh waits for the window to end", async () => {
  const { throttle } = atTime();
  const waits: number[] = [];
  for (let index = 0; index < 11; index += 1) waits.push(await throttle.take("ann@example.com", "10.0.0.1"));
  expect(waits).toEqual([...Array(10).fill(0), 900]);
});

test("of many tries at once no more than ten get through", async () => {
  const { throttle } = atTime();
  const waits = await Promise.all(Array.from({ length: 200 }, () => throttle.take("ann@example.com", "10.0.0.1")));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
});

test("the owner can still sign in from elsewhere", async () => {
  const { throttle } = atTime();
  await fail(throttle, 20, "ann@example.com", "10.0.0.1");
  expect(await throttle.take("ann@example.com", "10.0.0.2")).toBe(0);
});

test("capital letters and spaces do not give another ten tries", async () => {
  const { throttle } = atTime();
  await fail(throttle, 10, "ann@example.com", "10.0.0.1");
  expect(await throttle.take(" Ann@Example.com", "10.0.0.1")).toBeGreaterThan(0);
});

test("one address cannot try many accounts", async () => {
  const { throttle } = atTime();
  for (let index = 0; index < 30; index += 1) await throttle.take(`user${index}@example.com`, "10.0.0.1");
  expect(await throttle.take("fresh@example.com", "10.0.0.1")).toBeGreaterThan(0);
});

test("many addresses cannot try one account", async () => {
  const { throttle } = atTime();
  for (let index = 0; index < 100; index += 1) await throttle.take("ann@example.com", `10.0.1.${index}`);
  expect(await throttle.take("ann@example.com", "10.0.9.9")).toBeGreaterThan(0);
});

test("after a quarter of an hour the tries are back", async () => {
  const { clock, throttle } = atTime();
  await fail(throttle, 11, "ann@example.com", "10.0.0.1");
  clock.ms += 15 * 60 * 1000;
  expect(await throttle.take("ann@example.com", "10.0.0.1")).toBe(0);
});

test("right passwords are not counted, however many people of one address sign in", async () => {
  const { throttle } = atTime();
  for (let index = 0; index < 200; index += 1) {
    expect(await throttle.take(`user${index % 5}@example.com`, "10.0.0.1")).toBe(0);
    await throttle.succeeded(`user${index % 5}@example.com`, "10.0.0.1");
  }
});

test("shared counters that are away are replaced by this process's own", async () => {
  const away = () => Promise.reject(new Error("away"));
  const throttle = loginThrottle(countersWithFallback({ take: away, check: away, giveBack: away, clear: away }, memoryCounters()));
  await fail(throttle, 10, "ann@example.com", "10.0.0.1");
  expect(await throttle.take("ann@example.com", "10.0.0.1")).toBeGreaterThan(0);
});
