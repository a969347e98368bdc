import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docsOf } from "./policy-docs.mjs";

/** @typedef {{ id: string, [kind: string]: string | undefined }} Folder */

const POLICIES = "lib/gateway/policies";
const RESOURCES = "lib/gateway/resources";

const HEADER = `// Made from the folders by \`npm run check -- --fix\`. Change those, not this file.
// biome-ignore-all assist/source/organizeImports: in the order of the folders
`;

/** Finds the one export of a file whose name ends as it should. */
function exported(root, path, ending) {
  const names = [...readFileSync(join(root, path), "utf8").matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
  const found = names.filter((name) => name.endsWith(ending));
  if (found.length === 1) return found[0];
  throw new Error(
    `${path} exports ${found.length === 0 ? "nothing" : found.join(", ")} whose name ends in ${ending}: export one such constant.`,
  );
}

/** The folders of an area that have a schema.ts with a descriptor, by name. */
function foldersIn(root, area, files) {
  const isFolder = ({ name, isDirectory }) => isDirectory && existsSync(join(root, area, name, files.handler));
  return readdirSync(join(root, area), { withFileTypes: true })
    .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }))
    .filter(isFolder)
    .map(({ name }) => name)
    .sort();
}

/** A list as the formatter writes it: on one line where it fits. */
function list(start, names, end) {
  const line = `${start}[${names.join(", ")}]${end}`;
  return line.length <= 140 ? line : `${start}[\n${names.map((name) => `  ${name},\n`).join("")}]${end}`;
}

const importsOf = (folders, file, names) => folders.map((id, index) => `import { ${names[index]} } from "./${id}/${file}";\n`).join("");

/** The text of every file that is made from the folders, by path. @throws Error that names the folder with something missing */
export function indexesOf(root) {
  const policies = foldersIn(root, POLICIES, { handler: "handler.ts" });
  const resources = foldersIn(root, RESOURCES, { handler: "resource.ts" });
  const of = (area, folders, file, ending) => folders.map((id) => exported(root, join(area, id, file), ending));
  const withErrors = policies.filter((id) => existsSync(join(root, POLICIES, id, "errors.ts")));
  const descriptors = of(POLICIES, policies, "schema.ts", "Descriptor");
  const handlers = of(POLICIES, policies, "handler.ts", "Policy");
  const errors = of(POLICIES, withErrors, "errors.ts", "Errors");
  const resourceDescriptors = of(RESOURCES, resources, "schema.ts", "Descriptor");
  const checkers = of(RESOURCES, resources, "resource.ts", "Resource");
  return new Map([
    [
      `${POLICIES}/schemas.ts`,
      `${HEADER}import { inOrder, type PolicyDescriptor } from "@/lib/definition/registry";
${importsOf(policies, "schema", descriptors)}
${list("const all: readonly PolicyDescriptor[] = ", descriptors, ";")}

/** Every policy, in the order in which the catalogue shows them. Safe for the browser. */
export const policyDescriptors = inOrder(all, (descriptor) => descriptor);
`,
    ],
    [
      `${POLICIES}/index.ts`,
      `${HEADER}import { inOrder } from "@/lib/definition/registry";
import type { Policy } from "./contract";
${importsOf(policies, "handler", handlers)}
${list("const all: readonly Policy[] = ", handlers, ";")}

/** Every policy with its handlers, in the order of policies/schemas.ts. */
export const policies = inOrder(all, ({ descriptor }) => descriptor);
`,
    ],
    [
      `${POLICIES}/errors.ts`,
      `${HEADER}${importsOf(withErrors, "errors", errors)}
/** The errors of every policy, by their codes. Safe for the browser. */
${errors.length === 1 ? `export const policyErrors = { ...${errors[0]} } as const;` : `export const policyErrors = {\n${errors.map((name) => `  ...${name},\n`).join("")}} as const;`}
`,
    ],
    [
      `${RESOURCES}/schemas.ts`,
      `${HEADER}import { inOrder, type ResourceDescriptor } from "@/lib/definition/registry";
${importsOf(resources, "schema", resourceDescriptors)}
${list("const all: readonly ResourceDescriptor[] = ", resourceDescriptors, ";")}

/** Every resource type, in the order in which the console offers them. Safe for the browser. */
export const resourceDescriptors = inOrder(all, (descriptor) => descriptor);
`,
    ],
    [
      `${RESOURCES}/index.ts`,
      `${HEADER}import { inOrder } from "@/lib/definition/registry";
import type { ResourceType } from "./contract";
${importsOf(resources, "resource", checkers)}
${list("const all: readonly ResourceType[] = ", checkers, ";")}

/** Every resource type with its handler, in the order of resources/schemas.ts. */
export const resourceTypes = inOrder(all, ({ descriptor }) => descriptor);
`,
    ],
  ]);
}

/** The made files that differ from what the folders say, with what they have to be. Lists go first: the pages are made with them. */
export async function staleIndexes(root) {
  const differs = ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text;
  return [...indexesOf(root)].filter(differs);
}

/** The made pages that differ from what the folders say. The lists have to be right already. */
export async function stalePages(root) {
  const policies = foldersIn(root, POLICIES, { handler: "handler.ts" });
  const pages = await docsOf(root, { policies }, exported);
  return [...pages].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text);
}

/** Writes every made file anew. Answers the paths of those that were not what the folders say. */
export async function writeMade(root) {
  const paths = [];
  for (const stale of [staleIndexes, stalePages])
    for (const [path, text] of await stale(root)) {
      writeFileSync(join(root, path), text);
      paths.push(path);
    }
  return paths;
}
