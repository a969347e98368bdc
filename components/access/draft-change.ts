import { describeEdits } from "@/components/draft/words";
import { keyedFlow, type WorkingCopy, withoutSecrets } from "@/components/draft/working-copy";
import type { Change } from "@/lib/definition/diff";
import type { Definition } from "@/lib/definition/schema";

/** The effect of a flow change on the draft, before it's applied. */
export interface DraftChange {
  definition: Definition;
  /** The changes in words. */
  changes: Change[];
  /** What the change can't preserve exactly. */
  notes: readonly string[];
}

/** Describes the difference between the edited definition and a changed one. */
export function draftChange(edited: Definition, { definition, notes }: { definition: Definition; notes: readonly string[] }): DraftChange {
  // Secrets typed earlier are in both definitions and aren't part of this change.
  return { definition, notes, changes: describeEdits(withoutSecrets(edited), withoutSecrets(definition)) };
}

/** Copies the flows of a changed definition into the working copy. Everything else, typed secrets included, stays unchanged. */
export function withFlowsOf(copy: WorkingCopy, { flows, flowSelection }: Pick<Definition, "flows" | "flowSelection">): WorkingCopy {
  return { ...copy, flowSelection, flows: flows.map(keyedFlow) };
}
