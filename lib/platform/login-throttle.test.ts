import { expect, test } from "vitest";
import { countersWithFallback } from "./counters";
import { type LoginThrottle, type LoginTry, loginThrottle } from "./login-throttle";
import { memoryCounters } from "./memory-counters";

function atTime() {
  const clock = { ms: 1_000_000 };
  return { clock, throttle: loginThrottle(memoryCounters(() => clock.ms)) };
}

const by = (email: string, address: string, more: Partial<LoginTry> = {}): LoginTry => ({
  email,
  address,
  isKnown: true,
  device: null,
  ...more,
});
const ANN = "ann@example.com";

/** The waits of many attempts with a wrong password, in seconds. */
async function fail(throttle: LoginThrottle, times: number, tryOf: (index: number) => LoginTry): Promise<number[]> {
  const waits: number[] = [];
  for (let index = 0; index < times; index += 1) waits.push(await throttle.take(tryOf(index)));
  return waits;
}

test("10 attempts are allowed, the next waits for the window to end", async () => {
  const { throttle } = atTime();
  expect(await fail(throttle, 11, () => by(ANN, "10.0.0.1"))).toEqual([...Array(10).fill(0), 900]);
});

test("10 of many concurrent attempts are allowed", async () => {
  const { throttle } = atTime();
  const waits = await Promise.all(Array.from({ length: 200 }, () => throttle.take(by(ANN, "10.0.0.1"))));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
});

test("1,000 attempts from one address don't affect the owner at other addresses", async () => {
  const { throttle } = atTime();
  await fail(throttle, 1000, () => by(ANN, "10.0.0.1"));
  expect(await fail(throttle, 10, () => by(ANN, "10.0.0.2"))).toEqual(Array(10).fill(0));
  expect((await fail(throttle, 20, (index) => by(`user${index}@example.com`, "10.0.0.1"))).every((wait) => wait === 0)).toBe(true);
});

test("capital letters and spaces don't allow more attempts", async () => {
  const { throttle } = atTime();
  await fail(throttle, 10, () => by(ANN, "10.0.0.1"));
  expect(await throttle.take(by(" Ann@Example.com", "10.0.0.1"))).toBeGreaterThan(0);
});

test.each([true, false])("one address can't try many names, with accounts (%s) or without", async (isKnown) => {
  const { throttle } = atTime();
  await fail(throttle, 30, (index) => by(`user${index}@example.com`, "10.0.0.1", { isKnown }));
  expect(await throttle.take(by("fresh@example.com", "10.0.0.1", { isKnown }))).toBeGreaterThan(0);
});

test("an IPv6 /64 counts as one address", async () => {
  const { throttle } = atTime();
  const waits = await fail(throttle, 11, (index) => by(ANN, `2001:db8::${index + 1}`));
  expect(waits.filter((wait) => wait > 0)).toHaveLength(1);
  expect(await throttle.take(by(ANN, "2001:db8:0:1::1"))).toBe(0);
});

test("many addresses can't try one account", async () => {
  const { throttle } = atTime();
  await fail(throttle, 100, (index) => by(ANN, `10.0.1.${index}`));
  expect(await throttle.take(by(ANN, "10.0.9.9"))).toBeGreaterThan(0);
});

test("others can't lock out a known browser, which has 10 attempts of its own", async () => {
  const { throttle } = atTime();
  await fail(throttle, 100, (index) => by(ANN, `10.0.1.${index}`));
  await fail(throttle, 30, (index) => by(`user${index}@example.com`, "10.0.0.1"));
  const known = () => by(ANN, "10.0.0.1", { device: "d1" });
  expect(await fail(throttle, 11, known)).toEqual([...Array(10).fill(0), 900]);
  expect(await throttle.take(by(ANN, "10.0.0.1", { device: "d2" }))).toBe(0);
});

test("failures of a known browser don't count for account and address", async () => {
  const { throttle } = atTime();
  for (let device = 0; device < 20; device += 1) await fail(throttle, 10, () => by(ANN, "10.0.0.1", { device: `d${device}` }));
  expect(await fail(throttle, 10, () => by(ANN, "10.0.0.1"))).toEqual(Array(10).fill(0));
});

test("names without an account have the same waits", async () => {
  const [known, unknown] = [atTime().throttle, atTime().throttle];
  const run = async (throttle: LoginThrottle, isKnown: boolean) => [
    ...(await fail(throttle, 12, () => by(ANN, "10.0.0.1", { isKnown }))),
    ...(await fail(throttle, 95, (index) => by(ANN, `10.0.1.${index}`, { isKnown }))),
  ];
  expect(await run(unknown, false)).toEqual(await run(known, true));
});

test("a flood of unknown names evicts no account's counter", async () => {
  const throttle = loginThrottle(memoryCounters(() => 1_000_000, 200));
  await fail(throttle, 10, () => by(ANN, "10.0.0.1"));
  await fail(throttle, 150, (index) => by(`made-up-${index}@example.com`, `10.1.${index}.1`, { isKnown: false }));
  await fail(throttle, 150, (index) => by(`made-up-too-${index}@example.com`, `10.1.${index}.1`, { isKnown: false }));
  expect(await throttle.take(by(ANN, "10.0.0.1"))).toBeGreaterThan(0);
});

test("attempts are allowed again after 15 minutes", async () => {
  const { clock, throttle } = atTime();
  await fail(throttle, 11, () => by(ANN, "10.0.0.1"));
  clock.ms += 15 * 60 * 1000;
  expect(await throttle.take(by(ANN, "10.0.0.1"))).toBe(0);
});

test("correct passwords aren't counted", async () => {
  const { throttle } = atTime();
  for (let index = 0; index < 200; index += 1) {
    const person = by(`user${index % 5}@example.com`, "10.0.0.1", { device: index % 2 ? `d${index}` : null });
    expect(await throttle.take(person)).toBe(0);
    await throttle.succeeded(person);
  }
});

test("a correct password resets the account's failures, not the address's", async () => {
  const { throttle } = atTime();
  await fail(throttle, 20, (index) => by(`user${index}@example.com`, "10.0.0.1"));
  await fail(throttle, 9, () => by(ANN, "10.0.0.1"));
  expect(await throttle.take(by(ANN, "10.0.0.1"))).toBe(0);
  await throttle.succeeded(by(ANN, "10.0.0.1"));
  // The address's 29 failures stay, so an attacker can't reset them with an own account.
  expect(await fail(throttle, 2, (index) => by(`other${index}@example.com`, "10.0.0.1"))).toEqual([0, 900]);
});

test("the process's own counters replace unreachable shared ones", async () => {
  const away = () => Promise.reject(new Error("away"));
  const throttle = loginThrottle(countersWithFallback({ take: away, check: away, giveBack: away, clear: away }, memoryCounters()));
  await fail(throttle, 10, () => by(ANN, "10.0.0.1"));
  expect(await throttle.take(by(ANN, "10.0.0.1"))).toBeGreaterThan(0);
});
