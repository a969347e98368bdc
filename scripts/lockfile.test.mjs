import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withoutIntegrity } from "./lib/lockfile.mjs";

test("npm compares every package that it installs with the lockfile, on every platform", () => {
  const lockfile = JSON.parse(readFileSync("package-lock.json", "utf8"));
  expect(Object.keys(lockfile.packages).length).toBeGreaterThan(100);
  expect(withoutIntegrity(lockfile)).toEqual([]);
});

test("a package without integrity, or with a weak one, is named", () => {
  const packages = {
    "": {},
    "node_modules/good": { integrity: "sha512-AAAA" },
    "node_modules/none": {},
    "node_modules/good/node_modules/weak": { integrity: "sha1-AAAA" },
    "node_modules/link": { link: true },
  };
  expect(withoutIntegrity({ packages })).toEqual(["node_modules/none", "node_modules/good/node_modules/weak"]);
});
