import type { Definition } from "@/lib/definition/schema";
import { mergeSecrets, type SecretReferences, secretSlots } from "@/lib/definition/secrets";
import { registry } from "@/lib/gateway/schemas";
import type { WorkingCopy } from "./working-copy";

/** Returns the current paths of the resources' stored secrets; indexes can have changed. */
function resourcePaths(stored: readonly string[], base: Definition, copy: WorkingCopy): string[] {
  return stored.flatMap((path) => {
    const [, index, rest] = /^resources\[(\d+)\](.*)$/.exec(path) ?? [];
    if (index === undefined || rest === undefined) return [];
    const at = Number(index);
    const name = base.resources[at]?.name;
    const byName = copy.resources.findIndex((resource) => resource.name === name && resource.type === base.resources[at]?.type);
    // A renamed resource keeps its secrets at its index.
    const now =
      byName >= 0
        ? byName
        : copy.resources[at]?.type === base.resources[at]?.type &&
            !base.resources.some((resource) => resource.name === copy.resources[at]?.name)
          ? at
          : -1;
    return now < 0 ? [] : [`resources[${now}]${rest}`];
  });
}

/** The stored secrets, as paths in the working copy. */
export interface StoredSecrets {
  /** Kept if blank. */
  kept: string[];
  /** To enter again: the origin that receives them, or a token made with them, changed. */
  moved: string[];
}

/** Locates each stored secret in the working copy, by the server's rule. Parameters are matched by name. */
export function storedSecrets(stored: readonly string[], base: Definition, copy: WorkingCopy): StoredSecrets {
  const references: SecretReferences = {};
  for (const { key, path } of secretSlots(base, registry))
    if (!key.startsWith("resources/") && stored.includes(path)) references[key] = path;
  const others = { ...copy, endpoints: structuredClone(copy.endpoints), flows: structuredClone(copy.flows), resources: [] };
  const slots = secretSlots(others, registry);
  for (const slot of slots) slot.clear();
  const merge = mergeSecrets(others, { definition: base, references }, registry);
  return {
    kept: [...resourcePaths(stored, base, copy), ...slots.filter(({ key }) => merge.kept[key] !== undefined).map(({ path }) => path)],
    moved: merge.moved,
  };
}
