import { type Change, describeChanges, type Snapshot } from "@/lib/definition/diff";
import type { OperationKey } from "@/lib/definition/operation-paths";
import type { Definition } from "@/lib/definition/schema";
import { findLoosening, type LooseningReport } from "@/lib/gateway/access/access-loosening";
import { changesInThread, looseningInThread } from "./read-document";
import { registry } from "./registry";

/** Comparing smaller definitions takes less time than starting a thread. */
const PARTS_MAX = 200;

const partsOf = ({ flows, resources }: Definition) =>
  flows.reduce((parts, { request, response }) => parts + 1 + request.length + response.length, resources.length);

const isLarge = (...definitions: readonly Definition[]) => definitions.some((definition) => partsOf(definition) > PARTS_MAX);

/** Describes the changes. Compares large definitions in a separate thread, to avoid blocking requests. */
export async function compareDefinitions(before: Snapshot, after: Snapshot): Promise<Change[]> {
  return isLarge(before.definition, after.definition) ? changesInThread(before, after) : describeChanges(before, after, registry);
}

/** Finds the operations whose access a change loosens. Compares large definitions in a separate thread. */
export async function compareAccess(before: Definition, after: Definition, documented: readonly OperationKey[]): Promise<LooseningReport> {
  return isLarge(before, after) || documented.length > PARTS_MAX
    ? looseningInThread(before, after, documented)
    : findLoosening(before, after, documented);
}
