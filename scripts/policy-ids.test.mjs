import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { staleIndexes, stalePages } from "./lib/policy-folders.mjs";
import { root } from "./lib/project.mjs";

const AREAS = ["lib/gateway/policies", "lib/gateway/resources"];
const folders = AREAS.flatMap((area) =>
  readdirSync(join(root, area), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ area, id: name })),
).filter(({ area, id }) => readdirSync(join(root, area, id)).includes("schema.ts"));

const sources = execFileSync("git", ["ls-files", "app", "components", "lib", "instrumentation.ts"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((path) => /\.tsx?$/.test(path))
  // Tests and what they share have definitions in them.
  .filter((path) => !/\.test\.tsx?$|\/testing\/|\/testing\.ts$|^lib\/testing\/|\/bypass-tests\//.test(path));

/** An id in quotes, unless it is the value of the `type` of endpoint security, which has a word in common with a policy. */
function mentions(text, id) {
  return text.split("\n").filter((line) => {
    if (!new RegExp(`["'\`]${id}["'\`]`).test(line)) return false;
    return !(id === "oauth2" && /type\b[^,]*["']oauth2["']|case "oauth2"|"none", "basic", "digest", "oauth2"/.test(line));
  });
}

describe("a policy or resource type says what it means itself", () => {
  it.each(folders)("nothing outside of $area/$id names it", ({ area, id }) => {
    const elsewhere = sources
      .filter((path) => !path.startsWith(`${area}/${id}/`))
      .flatMap((path) => mentions(readFileSync(join(root, path), "utf8"), id).map((line) => `${path}: ${line.trim()}`));
    expect(elsewhere).toEqual([]);
  });

  it("finds such a name", () => {
    expect(mentions('const isCheck = step.policy === "oauth2";', "oauth2")).toHaveLength(1);
    expect(mentions('  case "oauth2-builtin":', "oauth2-builtin")).toHaveLength(1);
  });
});

it("the lists and pages of policies and resource types are what their folders say", async () => {
  expect((await staleIndexes(root)).map(([path]) => path)).toEqual([]);
  expect((await stalePages(root)).map(([path]) => path)).toEqual([]);
});
