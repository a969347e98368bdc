import { createHash } from "node:crypto";
import { hashInput } from "./canonical";
import type { Definition } from "./schema";
import type { SecretReferences } from "./secret-slot";

/**
 * The SHA-256 of a definition and its secret versions, in hex. A draft has undeployed changes if its hash differs from the
 * deployment's.
 */
export function definitionHash(definition: Definition, references: SecretReferences): string {
  return createHash("sha256").update(hashInput(definition, references)).digest("hex");
}
