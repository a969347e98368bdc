import { createHash } from "node:crypto";
import { hashInput } from "./canonical";
import type { Definition } from "./schema";
import type { SecretReferences } from "./secrets";

/**
 * The SHA-256 of a definition and of the versions of its secrets, in hex. Two drafts with the same
 * hash enforce the same; "undeployed changes" is the comparison of two of them.
 */
export function definitionHash(definition: Definition, references: SecretReferences): string {
  return createHash("sha256").update(hashInput(definition, references)).digest("hex");
}
