import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { secretBox } from "./secrets";

const box = secretBox(randomBytes(32).toString("base64"));

test("what is sealed for an owner opens for that owner", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (text, owner) => {
      expect(box.open(box.seal(text, owner), owner)).toBe(text);
    }),
  );
});

test("what is sealed for one owner does not open for another", () => {
  expect(() => box.open(box.seal("secret", "api_1"), "api_2")).toThrow();
});

test("a changed bit is noticed", () => {
  const sealed = box.seal("secret", "api_1");
  const [id, nonce, body = ""] = sealed.split(".");
  const bytes = Buffer.from(body, "base64url");
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  expect(() => box.open([id, nonce, bytes.toString("base64url")].join("."), "api_1")).toThrow();
});

test("the same secret never looks the same twice", () => {
  expect(box.seal("secret", "a")).not.toBe(box.seal("secret", "a"));
});

test("another key is named as the reason", () => {
  const other = secretBox(randomBytes(32).toString("base64"));
  expect(() => other.open(box.seal("secret", "a"), "a")).toThrow(/another GATEWRIGHT_SECRET_KEY/);
});
