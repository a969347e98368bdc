import { expect, test } from "vitest";
import { generatePassword, hashPassword, verifyPassword } from "./passwords";

test("only the right password matches, and no password matches a missing account", async () => {
  const stored = await hashPassword("correct horse battery");
  expect(stored).toMatch(/^\$argon2id\$/);
  expect(await verifyPassword(stored, "correct horse battery")).toBe(true);
  expect(await verifyPassword(stored, "correct horse batterx")).toBe(false);
  expect(await verifyPassword(undefined, "correct horse battery")).toBe(false);
});

test("a generated password has twenty characters that are not mistaken for each other", () => {
  for (let index = 0; index < 200; index += 1) expect(generatePassword()).toMatch(/^[^01lIO]{20}$/);
});
