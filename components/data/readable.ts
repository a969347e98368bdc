import { type Definition, storedDefinitionSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

const schema = storedDefinitionSchema(registry);

/** Returns whether this version can read a stored definition, which another version or a manual database change may have written. */
export const isReadable = (definition: unknown): definition is Definition => schema.safeParse(definition).success;
