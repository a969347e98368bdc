import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { deviceCookie, knownDevice } from "./device-cookie";

beforeAll(() => vi.stubEnv("GATEWRIGHT_SECRET_KEY", Buffer.alloc(32, 1).toString("base64")));
afterAll(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

const ann = { id: "user_ann", passwordHash: "$argon2id$one" };
const jarOf = (...cookies: { name: string; value: string }[]) => {
  const jar = new Map(cookies.map(({ name, value }) => [name, value]));
  return (name: string) => jar.get(name);
};

test("a browser is known to the account that signed in, with a new ID each time", () => {
  const [first, second] = [deviceCookie(ann), deviceCookie(ann)];
  const ids = [first, second].map((cookie) => knownDevice(ann, jarOf(cookie)));
  expect(ids.every((id) => id !== null && id.length >= 22)).toBe(true);
  expect(ids[0]).not.toBe(ids[1]);
  expect(first).toMatchObject({ httpOnly: true, sameSite: "strict", path: "/api/auth" });
});

test("it's unknown to other accounts, after a new password, without a cookie, and with any other value", () => {
  const cookie = deviceCookie(ann);
  const [nonce = "", endsAt = "", signed = ""] = cookie.value.split(".");
  expect(knownDevice({ ...ann, id: "user_bob" }, () => cookie.value)).toBeNull();
  expect(knownDevice({ ...ann, passwordHash: "$argon2id$two" }, jarOf(cookie))).toBeNull();
  expect(knownDevice(ann, jarOf())).toBeNull();
  for (const value of [
    "",
    "a",
    "a.b.c",
    `x${nonce}.${endsAt}.${signed}`,
    `${nonce}.${Number(endsAt) + 1}.${signed}`,
    `${nonce}.${endsAt}.`,
    `${cookie.value}.x`,
  ])
    expect(
      knownDevice(ann, () => value),
      value,
    ).toBeNull();
});

test("it's unknown after 1 year", () => {
  const cookie = deviceCookie(ann);
  vi.useFakeTimers({ now: Date.now() + 366 * 24 * 60 * 60 * 1000 });
  expect(knownDevice(ann, jarOf(cookie))).toBeNull();
  vi.useRealTimers();
});

test("accounts on one browser have separate cookies", () => {
  expect(deviceCookie(ann).name).not.toBe(deviceCookie({ ...ann, id: "user_bob" }).name);
});
