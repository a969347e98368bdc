import { problemsOf } from "@/lib/definition/problems";
import { type Definition, type Flow, storedDefinitionSchema } from "@/lib/definition/schema";
import { registry } from "../schemas";
import type { Pauses } from "./pauses";

const schema = storedDefinitionSchema(registry);

/** Target time per group of flows, in milliseconds; the group size adapts to it. */
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

/** Returns the flows of an object that looks like a definition with several flows; otherwise null. */
function flowsOf(definition: unknown): readonly unknown[] | null {
  if (typeof definition !== "object" || definition === null || !("flows" in definition)) return null;
  const { flows } = definition;
  return Array.isArray(flows) && flows.length > 1 ? flows : null;
}

/**
 * Validates a definition with `storedDefinitionSchema`, in groups of flows with pauses: a large one would block all requests of
 * this process. Flows are independent, so each group is validated as its own definition.
 * @throws Error with the path and the problem
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
    // Validate all flows together, so problems have the right paths.
    if (!group.success) return parseWhole(definition);
    for (const flow of group.data.flows) all.push(flow);
    start += size;
    size = performance.now() - since > GROUP_MS ? Math.max(1, size >> 1) : size * 2;
  }
  // The limit on the number of flows can't be checked per group.
  if (!base.success || flows.length > 200) return parseWhole(definition);
  return { ...base.data, flows: all };
}
