import { existsSync } from "node:fs";
import { join } from "node:path";

const cell = (text) => String(text).replaceAll("|", "\\|").replaceAll("\n", " ");

/** Bundles what the folders say and runs it here: Node runs no TypeScript. */
async function described(root, { policies, errors }) {
  const contents = `
    export { policyDescriptors } from "./lib/gateway/policies/schemas";
    export { resourceDescriptors } from "./lib/gateway/resources/schemas";
    export { fieldMeta } from "./lib/definition/registry";
    ${policies.map((id, index) => `import { ${errors[index]} as errors${index} } from "./lib/gateway/policies/${id}/errors";`).join("\n")}
    export const errors = { ${policies.map((id, index) => `${JSON.stringify(id)}: errors${index}`).join(", ")} };
  `;
  // Not at the top: `npm run check` installs the dependencies first.
  const { build, stop } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    absWorkingDir: root,
    logLevel: "warning",
  });
  // The bundler's own process would stay as long as this one.
  await stop();
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

/** The default of a field, as it stands in a definition; "" where it has none. */
function defaultOf(schema) {
  const parsed = schema.safeParse(undefined);
  return parsed.success && parsed.data !== undefined ? `\`${JSON.stringify(parsed.data)}\`` : "";
}

function fieldsOf({ schema }, fieldMeta) {
  const rows = Object.entries(schema.shape).map(([field, type]) => {
    const { title = field, description = "", secret, required } = fieldMeta(type);
    const kind = secret ? `A secret${required ? ", required" : ""}. ` : "";
    return `| \`${field}\` | ${cell(title)} | ${cell(defaultOf(type))} | ${cell(kind + description)} |`;
  });
  return `| field | title | default | meaning |\n|---|---|---|---|\n${rows.join("\n")}\n`;
}

const examplesOf = ({ examples }) =>
  examples.map(({ title, config }) => `${title}:\n\n\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\`\n`).join("\n");

const errorsOf = (errors) =>
  `| code | status | meaning |\n|---|---|---|\n${Object.entries(errors)
    .map(([code, { status, words }]) => `| \`${code}\` | ${status} | ${cell(words)} |`)
    .join("\n")}\n`;

const made = "<!-- Made from the folders by `npm run check -- --fix`. Change those, not this file. -->";

/** The pages about all policies and resource types, by path. */
export async function docsOf(root, folders, exported) {
  const policies = folders.policies.filter((id) => existsSync(join(root, "lib/gateway/policies", id, "errors.ts")));
  const errors = policies.map((id) => exported(root, join("lib/gateway/policies", id, "errors.ts"), "Errors"));
  const { policyDescriptors, resourceDescriptors, fieldMeta, errors: errorsOfPolicy } = await described(root, { policies, errors });
  const policyPage = policyDescriptors
    .map((policy) => {
      const rows = errorsOfPolicy[policy.id];
      const phases = policy.phases.join(" and ");
      return `## ${policy.title}

\`${policy.id}\`, in the ${phases}. ${policy.summary}

${policy.help}

${fieldsOf(policy, fieldMeta)}
${examplesOf(policy)}${rows ? `\n${errorsOf(rows)}` : ""}`;
    })
    .join("\n");
  const resourcePage = resourceDescriptors
    .map(
      (type) =>
        `## ${type.title}\n\n\`${type.type}\`. ${type.summary}\n\n${type.help}\n\n${fieldsOf(type, fieldMeta)}\n${examplesOf(type)}`,
    )
    .join("\n");
  return new Map([
    [
      "docs/policies.md",
      `# Policies\n\n${made}\n\nWhat a step can do. A step is a policy with its configuration; [write your own](write-a-policy.md).\n\n${policyPage}`,
    ],
    [
      "docs/resources.md",
      `# Resources\n\n${made}\n\nWhat checks tokens. Steps name a resource of their API; [write your own](write-a-resource.md).\n\n${resourcePage}`,
    ],
  ]);
}
