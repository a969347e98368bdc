import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { secretBox } from "./secrets";

const box = secretBox(randomBytes(32).toString("base64"));

test("a value decrypts for its owner", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (text, owner) => {
      expect(box.open(box.seal(text, owner), owner)).toBe(text);
    }),
  );
});

test("a value doesn't decrypt for another owner", () => {
  expect(() => box.open(box.seal("secret", "api_1"), "api_2")).toThrow();
});

test("a changed bit is detected", () => {
  const sealed = box.seal("secret", "api_1");
  const [id, nonce, body = ""] = sealed.split(".");
  const bytes = Buffer.from(body, "base64url");
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  expect(() => box.open([id, nonce, bytes.toString("base64url")].join("."), "api_1")).toThrow();
});

test("the same secret never encrypts to the same text", () => {
  expect(box.seal("secret", "a")).not.toBe(box.seal("secret", "a"));
});

test("the error names a different key as the reason", () => {
  const other = secretBox(randomBytes(32).toString("base64"));
  expect(() => other.open(box.seal("secret", "a"), "a")).toThrow(/another GATEWRIGHT_SECRET_KEY/);
});
