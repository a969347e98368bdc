import { problemsOf } from "@/lib/definition/problems";
import { type Definition, type Flow, storedDefinitionSchema } from "@/lib/definition/schema";
import { registry } from "../schemas";
import type { Pauses } from "./pauses";

const schema = storedDefinitionSchema(registry);

/** A group of flows that takes longer than this, in milliseconds, is followed by a smaller one. */
const GROUP_MS = 4;

function parseWhole(definition: unknown): Definition {
  const parsed = schema.safeParse(definition);
  if (parsed.success) return parsed.data;
  throw new Error(
    problemsOf(parsed.error)
      .map((problem) => `${problem.path}: ${problem.message}`)
      .join(" "),
  );
}

/** The flows of what looks like a definition with several of them; null for anything else. */
function flowsOf(definition: unknown): readonly unknown[] | null {
  if (typeof definition !== "object" || definition === null || !("flows" in definition)) return null;
  const { flows } = definition;
  return Array.isArray(flows) && flows.length > 1 ? flows : null;
}

/**
 * Checks a definition as `storedDefinitionSchema` does, some flows at a time and with pauses between: a large one would hold every
 * request of this process for as long as all of it takes. Flows know nothing of each other, so a group of them is checked as a
 * definition of its own.
 * @throws Error that says what is wrong, and where
 */
export async function parseDefinition(definition: unknown, pauses: Pauses): Promise<Definition> {
  const flows = flowsOf(definition);
  if (flows === null) return parseWhole(definition);
  const { flows: none, ...rest } = { ...(definition as { flows: unknown }), flows: [] };
  const base = schema.safeParse({ ...rest, flows: none });
  const all: Flow[] = [];
  let size = 1;
  for (let start = 0; base.success && start < flows.length; ) {
    const pause = pauses.due();
    if (pause !== null) await pause;
    const since = performance.now();
    const group = schema.safeParse({ ...rest, flows: flows.slice(start, start + size) });
    // With all of them, so that what is wrong is found at its place.
    if (!group.success) return parseWhole(definition);
    for (const flow of group.data.flows) all.push(flow);
    start += size;
    size = performance.now() - since > GROUP_MS ? Math.max(1, size >> 1) : size * 2;
  }
  // The number of flows has a limit that no group can be beyond.
  if (!base.success || flows.length > 200) return parseWhole(definition);
  return { ...base.data, flows: all };
}
