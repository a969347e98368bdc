import { type Change, describeChanges } from "@/lib/definition/diff";
import type { Definition } from "@/lib/definition/schema";
import { mergeSecrets, type SecretReferences, secretSlots } from "@/lib/definition/secrets";
import { registry } from "@/lib/gateway/schemas";
import { withoutSecrets } from "./working-copy";

/**
 * Describes the changes of an edit, one sentence each. Typed secrets appear as set or replaced, never by value.
 * `storedSecrets` are paths in `base`.
 */
export function describeEdits(base: Definition, edited: Definition, storedSecrets: readonly string[] = []): Change[] {
  const before: SecretReferences = {};
  for (const slot of secretSlots(base, registry)) if (storedSecrets.includes(slot.path)) before[slot.key] = "stored";
  // A step's secret moves with the step.
  const { kept } = mergeSecrets(withoutSecrets(edited), { definition: base, references: before }, registry);
  const isOfStep = (key: string) => key.startsWith("flows/");
  const after: SecretReferences = Object.fromEntries([
    ...Object.entries(before).filter(([key]) => !isOfStep(key)),
    ...Object.entries(kept).filter(([key]) => isOfStep(key)),
  ]);
  for (const slot of secretSlots(edited, registry)) if (slot.value) after[slot.key] = "typed";
  return describeChanges(
    { definition: withoutSecrets(base), secrets: before },
    { definition: withoutSecrets(edited), secrets: after },
    registry,
  );
}
