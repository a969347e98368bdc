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

/** The seconds that each of many tries has to wait; wrong passwords all. */
async function fail(throttle: LoginThrottle, times: number, tryOf: (index: number) => LoginTry): Promise<number[]> {
  const waits: number[] = [];
  for (let index = 0; index < times; index += 1) waits.push(await throttle.take(tryOf(index)));
  return waits;
}

test("ten tries are allowed, the eleventh waits for the window to end", async () => {
  const { throttle } = atTime();
  expect(await fail(throttle, 11, () => by(ANN, "10.0.0.1"))).toEqual([...Array(10).fill(0), 900]);
});

test("of many tries at once no more than ten get through", async () => {
  const { throttle } = atTime();
  const waits = await Promise.all(Array.from({ length: 200 }, () => throttle.take(by(ANN, "10.0.0.1"))));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
});

test("a thousand tries from one address leave the owner all tries at every other address", async () => {
  const { throttle } = atTime();
  await fail(throttle, 1000, () => by(ANN, "10.0.0.1"));
  expect(await fail(throttle, 10, () => by(ANN, "10.0.0.2"))).toEqual(Array(10).fill(0));
  expect((await fail(throttle, 20, (index) => by(`user${index}@example.com`, "10.0.0.1"))).every((wait) => wait === 0)).toBe(true);
});

test("capital letters and spaces do not give another ten tries", async () => {
  const { throttle } = atTime();
  await fail(throttle, 10, () => by(ANN, "10.0.0.1"));
  expect(await throttle.take(by(" Ann@Example.com", "10.0.0.1"))).toBeGreaterThan(0);
});

test.each([true, false])("one address cannot try many names, whether they have accounts (%s) or not", async (isKnown) => {
  const { throttle } = atTime();
  await fail(throttle, 30, (index) => by(`user${index}@example.com`, "10.0.0.1", { isKnown }));
  expect(await throttle.take(by("fresh@example.com", "10.0.0.1", { isKnown }))).toBeGreaterThan(0);
});

test("all addresses of one IPv6 /64 are one", async () => {
  const { throttle } = atTime();
  const waits = await fail(throttle, 11, (index) => by(ANN, `2001:db8::${index + 1}`));
  expect(waits.filter((wait) => wait > 0)).toHaveLength(1);
  expect(await throttle.take(by(ANN, "2001:db8:0:1::1"))).toBe(0);
});

test("many addresses cannot try one account", async () => {
  const { throttle } = atTime();
  await fail(throttle, 100, (index) => by(ANN, `10.0.1.${index}`));
  expect(await throttle.take(by(ANN, "10.0.9.9"))).toBeGreaterThan(0);
});

test("a browser that has signed in before is locked out by nobody, and has ten tries of its own", async () => {
  const { throttle } = atTime();
  await fail(throttle, 100, (index) => by(ANN, `10.0.1.${index}`));
  await fail(throttle, 30, (index) => by(`user${index}@example.com`, "10.0.0.1"));
  const known = () => by(ANN, "10.0.0.1", { device: "d1" });
  expect(await fail(throttle, 11, known)).toEqual([...Array(10).fill(0), 900]);
  expect(await throttle.take(by(ANN, "10.0.0.1", { device: "d2" }))).toBe(0);
});

test("what a known browser does wrong costs the account and its address nothing", async () => {
  const { throttle } = atTime();
  for (let device = 0; device < 20; device += 1) await fail(throttle, 10, () => by(ANN, "10.0.0.1", { device: `d${device}` }));
  expect(await fail(throttle, 10, () => by(ANN, "10.0.0.1"))).toEqual(Array(10).fill(0));
});

test("names without an account wait exactly like those with one", async () => {
  const [known, unknown] = [atTime().throttle, atTime().throttle];
  const run = async (throttle: LoginThrottle, isKnown: boolean) => [
    ...(await fail(throttle, 12, () => by(ANN, "10.0.0.1", { isKnown }))),
    ...(await fail(throttle, 95, (index) => by(ANN, `10.0.1.${index}`, { isKnown }))),
  ];
  expect(await run(unknown, false)).toEqual(await run(known, true));
});

test("a flood of made-up names from many addresses drops no account's counter", async () => {
  const throttle = loginThrottle(memoryCounters(() => 1_000_000, 200));
  await fail(throttle, 10, () => by(ANN, "10.0.0.1"));
  await fail(throttle, 150, (index) => by(`made-up-${index}@example.com`, `10.1.${index}.1`, { isKnown: false }));
  await fail(throttle, 150, (index) => by(`made-up-too-${index}@example.com`, `10.1.${index}.1`, { isKnown: false }));
  expect(await throttle.take(by(ANN, "10.0.0.1"))).toBeGreaterThan(0);
});

test("after a quarter of an hour the tries are back", async () => {
  const { clock, throttle } = atTime();
  await fail(throttle, 11, () => by(ANN, "10.0.0.1"));
  clock.ms += 15 * 60 * 1000;
  expect(await throttle.take(by(ANN, "10.0.0.1"))).toBe(0);
});

test("right passwords are not counted, however many people of one address sign in", async () => {
  const { throttle } = atTime();
  for (let index = 0; index < 200; index += 1) {
    const person = by(`user${index % 5}@example.com`, "10.0.0.1", { device: index % 2 ? `d${index}` : null });
    expect(await throttle.take(person)).toBe(0);
    await throttle.succeeded(person);
  }
});

test("a right password clears the account's own tries and none of the address's", async () => {
  const { throttle } = atTime();
  await fail(throttle, 20, (index) => by(`user${index}@example.com`, "10.0.0.1"));
  await fail(throttle, 9, () => by(ANN, "10.0.0.1"));
  expect(await throttle.take(by(ANN, "10.0.0.1"))).toBe(0);
  await throttle.succeeded(by(ANN, "10.0.0.1"));
  // 29 wrong ones of this address count: whoever guesses can't reset them with an account of their own.
  expect(await fail(throttle, 2, (index) => by(`other${index}@example.com`, "10.0.0.1"))).toEqual([0, 900]);
});

test("shared counters that are away are replaced by this process's own", async () => {
  const away = () => Promise.reject(new Error("away"));
  const throttle = loginThrottle(countersWithFallback({ take: away, check: away, giveBack: away, clear: away }, memoryCounters()));
  await fail(throttle, 10, () => by(ANN, "10.0.0.1"));
  expect(await throttle.take(by(ANN, "10.0.0.1"))).toBeGreaterThan(0);
});
