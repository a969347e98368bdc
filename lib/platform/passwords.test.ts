import { expect, test } from "vitest";
import { generatePassword, hashPassword, verifyPassword } from "./passwords";

test("only the correct password matches, and none matches a missing account", async () => {
  const stored = await hashPassword("correct horse battery");
  expect(stored).toMatch(/^\$argon2id\$/);
  expect(await verifyPassword(stored, "correct horse battery")).toBe(true);
  expect(await verifyPassword(stored, "correct horse batterx")).toBe(false);
  expect(await verifyPassword(undefined, "correct horse battery")).toBe(false);
});

test("a generated password has 20 characters without look-alikes", () => {
  for (let index = 0; index < 200; index += 1) expect(generatePassword()).toMatch(/^[^01lIO]{20}$/);
});
