import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { GATEWAY_ERRORS } from "@/lib/gateway/errors";
import { policyErrors } from "@/lib/gateway/policies/errors";
import { ENVIRONMENT_VARIABLES } from "@/lib/platform/env";
import { PROBLEMS } from "@/lib/platform/problems";

const markdownIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => normalize(join(folder, name)));

const PAGES = [".", "docs", ".github"].flatMap(markdownIn);
const read = (path: string) => readFileSync(path, "utf8");
const withoutCodeBlocks = (text: string) => text.replace(/^ *```[\s\S]*?^ *```/gm, "");
const withoutCode = (text: string) => withoutCodeBlocks(text).replace(/`[^`\n]*`/g, "");

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(path: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = withoutCodeBlocks(read(path)).matchAll(/^#{1,6} +(.+?) *$/gm);
  return new Set(
    Array.from(headings, ([, heading = ""]) => {
      const slug = heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replace(/\s/g, "-");
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}

/** Links and images, written in Markdown or HTML, that lead to a file or a heading of this repository. */
function linksOf(path: string): string[] {
  const text = withoutCode(read(path));
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/(?:src|srcset|href)="([^"]+)"/g)];
  return targets.map(([, target = ""]) => target).filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

function leadsNowhere(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#", 2);
  const target = file === "" ? page : normalize(join(dirname(page), file));
  if (!existsSync(target)) return true;
  return anchor !== undefined && !(statSync(target).isFile() && anchorsOf(target).has(anchor));
}

describe("documentation", () => {
  it.each(PAGES)("%s: every relative link leads to a file, and every anchor to a heading", (page) => {
    expect(linksOf(page).filter((link) => leadsNowhere(page, link))).toEqual([]);
  });

  it("leads from the README to every page in docs", () => {
    const reached = new Set(["README.md"]);
    for (const page of reached) {
      for (const link of linksOf(page)) {
        const target = normalize(join(dirname(page), link.split("#", 1)[0] ?? ""));
        if (PAGES.includes(target)) reached.add(target);
      }
    }
    expect(PAGES.filter((page) => page.startsWith("docs") && !reached.has(page))).toEqual([]);
  });

  it.each(PAGES)("%s: every path of this repository in it exists", (page) => {
    const paths = Array.from(withoutCodeBlocks(read(page)).matchAll(/`((?:app|bench|components|deploy|docs|e2e|lib|scripts)\/[^`\s]*)`/g));
    const literal = paths.map(([, path = ""]) => path).filter((path) => !/[<>*…{]/.test(path));
    expect(literal.filter((path) => !existsSync(path))).toEqual([]);
  });
});

/** The rows of the first table below a heading of the second level, each as its cells. */
function tableIn(path: string, heading: string): string[][] {
  const section = read(path).split(`\n## ${heading}\n`)[1]?.split("\n## ", 1)[0] ?? "";
  const [table = ""] = section.slice(section.indexOf("\n|") + 1).split("\n\n");
  const rows = table
    .split("\n")
    .slice(2)
    .filter((line) => line.startsWith("|"));
  return rows.map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/^`|`$/g, "")));
}

describe("docs/reference.md", () => {
  it("has each environment variable once", () => {
    const names = tableIn("docs/reference.md", "Environment variables").map(([, name]) => name);
    expect(names.toSorted()).toEqual(ENVIRONMENT_VARIABLES.toSorted());
  });

  it("has each error code of gateways once, with its status", () => {
    const codes = tableIn("docs/reference.md", "Error codes of gateways").map(([, code, status]) => `${code} ${status}`);
    // Those of policies are in docs/policies.md, which is made from their folders.
    const own = Object.entries(GATEWAY_ERRORS).filter(([code]) => !Object.hasOwn(policyErrors, code));
    expect(codes.toSorted()).toEqual(own.map(([code, { status }]) => `${code} ${status}`).toSorted());
  });
});

/** What the sources in a folder, without its tests, write in double quotes and that starts with a text. */
function literalsIn(folder: string, start: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const found = files.flatMap((name) => Array.from(read(join(folder, name)).matchAll(/"([^"\n]+)"/g), ([, text = ""]) => text));
  return [...new Set(found.filter((text) => text.startsWith(start)))];
}

describe("docs/monitoring.md", () => {
  it("has each metric", () => {
    const metrics = [...literalsIn("lib/gateway", "gatewright_"), ...literalsIn("lib/platform", "gatewright_")];
    expect(metrics.length).toBeGreaterThan(10);
    expect(metrics.filter((name) => !read("docs/monitoring.md").includes(`\`${name}\``))).toEqual([]);
  });
});

describe("docs/operate.md", () => {
  it("has each kind of key in Redis", () => {
    const keys = literalsIn("lib/platform", "gatewright:");
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter((key) => !read("docs/operate.md").includes(`\`${key}`))).toEqual([]);
  });
});

describe("docs/failure-modes.md", () => {
  it("has each problem that gateways report", () => {
    const problems = tableIn("docs/failure-modes.md", "Problems").map(([, problem = ""]) => problem);
    expect(problems.toSorted()).toEqual(PROBLEMS.toSorted());
  });
});

describe("docs/guarantees.md", () => {
  const promises = read("docs/guarantees.md")
    .split("\n")
    .filter((line) => /^\|(?! promise|-)/.test(line))
    .map((row) => ({ row, named: /\| `([^`]+)` "([^"]+)" \|$/.exec(row) }));

  it("names a test for each promise", () => {
    expect(promises.length).toBeGreaterThan(50);
    expect(promises.filter(({ named }) => named === null).map(({ row }) => row)).toEqual([]);
  });

  it.each(promises.flatMap(({ named }) => (named ? [{ file: named[1] ?? "", title: named[2] ?? "" }] : [])))(
    "$file has the test: $title",
    ({ file, title }) => {
      expect(existsSync(file), `docs/guarantees.md names ${file}, which doesn't exist.`).toBe(true);
      const isThere = ['"', "`"].some((quote) => read(file).includes(`${quote}${title}${quote}`));
      expect(isThere, `docs/guarantees.md names a test that ${file} does not have. Name the test that holds the promise now.`).toBe(true);
    },
  );
});
