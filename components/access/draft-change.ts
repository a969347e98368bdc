import { describeEdits } from "@/components/draft/words";
import { keyedFlow, type WorkingCopy, withoutSecrets } from "@/components/draft/working-copy";
import type { Change } from "@/lib/definition/diff";
import type { Definition } from "@/lib/definition/schema";

/** What a change of the flows would do to the draft, before it is made. */
export interface DraftChange {
  definition: Definition;
  /** The changes in words. */
  changes: Change[];
  /** What the change cannot keep exactly as it was. */
  notes: readonly string[];
}

/** Describes what a changed definition would do to the one being edited. */
export function draftChange(edited: Definition, { definition, notes }: { definition: Definition; notes: readonly string[] }): DraftChange {
  // A secret that was typed before stands in both and is no part of this change.
  return { definition, notes, changes: describeEdits(withoutSecrets(edited), withoutSecrets(definition)) };
}

/** Takes the flows of a changed definition into the working copy. All else stays as it is, with the secrets that were typed into it. */
export function withFlowsOf(copy: WorkingCopy, { flows, flowSelection }: Pick<Definition, "flows" | "flowSelection">): WorkingCopy {
  return { ...copy, flowSelection, flows: flows.map(keyedFlow) };
}
