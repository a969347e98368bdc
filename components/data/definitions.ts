import type { Definition } from "@/lib/definition/schema";

/**
 * A definition as the management API returns it. The contract leaves its shape open, because another version or a hand in the
 * database may have written it: `isReadable` tells whether it is one.
 */
export const asDefinition = (document: unknown) => document as Definition;
