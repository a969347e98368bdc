import type { Definition } from "@/lib/definition/schema";

/**
 * Types a definition returned by the management API. Its shape isn't guaranteed: another version or a manual database
 * change may have written it. Check with `isReadable`.
 */
export const asDefinition = (document: unknown) => document as Definition;
