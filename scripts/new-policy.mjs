import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeMade } from "./lib/policy-folders.mjs";
import { policyTemplate } from "./lib/policy-template.mjs";
import { root } from "./lib/project.mjs";
import { ensureDependencies, fail, requireNode, run } from "./lib/setup.mjs";

// `npm run new-policy -- <id>`: makes the folder of a policy that works, and puts it into the lists.
requireNode();
process.chdir(root);
const id = process.argv[2] ?? "";
if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id) || id.length > 40)
  fail("Name the policy in lower case, with hyphens between words, in at most 40 characters: npm run new-policy -- rate-limit");
const folder = join("lib/gateway/policies", id);
if (existsSync(join(root, folder))) fail(`${folder} exists already. Choose another name.`);

await ensureDependencies();
mkdirSync(join(root, folder));
for (const [name, text] of Object.entries(policyTemplate(id))) writeFileSync(join(root, folder, name), text);
const made = await writeMade(root);
// Long names break lines elsewhere.
await run(process.execPath, [join(root, "node_modules/@biomejs/biome/bin/biome"), "format", "--write", folder], { quiet: true });

console.log(`Made ${folder}, and anew what is made from the folders: ${made.join(", ")}.
Next: change schema.ts, handler.ts and errors.ts to what the policy is to do, and handler.test.ts to what it guarantees.
Then: npm run check -- --fix && npm run test:watch`);
