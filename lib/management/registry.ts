import { problemsOf } from "@/lib/definition/problems";
import type { Definition } from "@/lib/definition/schema";
import { definitionSchema, storedDefinitionSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { invalid } from "./errors";
import { forbiddenUrls } from "./outbound-problems";

const schema = definitionSchema(registry);
const storedSchema = storedDefinitionSchema(registry);

/**
 * Checks a definition that someone sent and fills in its defaults.
 * @throws ManagementError 400 with every path that is wrong
 */
export function parseDefinition(input: unknown): Definition {
  const result = schema.safeParse(input, { reportInput: true });
  if (!result.success) throw invalid(problemsOf(result.error));
  const forbidden = forbiddenUrls(result.data);
  if (forbidden.length > 0) throw invalid(forbidden);
  return result.data;
}

/**
 * Reads a definition that is stored: it was checked when it was written, and defaults that came later are filled in. Rules that
 * came later do not apply: `pathProblemsOf` names what breaks them.
 */
export function storedDefinition(stored: unknown): Definition {
  return storedSchema.parse(stored);
}

export { registry };
