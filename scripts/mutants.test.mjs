import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./lib/project.mjs";
import { MUTANTS } from "./mutants/list.mjs";
import { applied } from "./mutants/mutant.mjs";

it.each(MUTANTS)("has a place in the source for: $fault", (mutant) => {
  expect(existsSync(join(root, mutant.test))).toBe(true);
  const source = readFileSync(join(root, mutant.file), "utf8");
  expect(applied(source, mutant)).not.toBe(source);
});
