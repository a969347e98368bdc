import { type Change, describeChanges } from "@/lib/definition/diff";
import type { Definition } from "@/lib/definition/schema";
import { mergeSecrets, type SecretReferences, secretSlots } from "@/lib/definition/secrets";
import { registry } from "@/lib/gateway/schemas";
import { withoutSecrets } from "./working-copy";

/**
 * What an edit changes, one sentence a change. A typed secret is told as set or replaced and never by its value.
 * `storedSecrets` are the paths in `base` that hold one already.
 */
export function describeEdits(base: Definition, edited: Definition, storedSecrets: readonly string[] = []): Change[] {
  const before: SecretReferences = {};
  for (const slot of secretSlots(base, registry)) if (storedSecrets.includes(slot.path)) before[slot.key] = "stored";
  // A step's secret goes with the step, wherever that stands now.
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
