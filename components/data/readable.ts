import { type Definition, storedDefinitionSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

const schema = storedDefinitionSchema(registry);

/** Whether this version can read a stored definition. Another version, or a hand in the database, may have written it. */
export const isReadable = (definition: unknown): definition is Definition => schema.safeParse(definition).success;
