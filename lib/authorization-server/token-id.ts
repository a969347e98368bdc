import { createHash } from "node:crypto";

/**
 * The ID of an opaque token in the database and log: its SHA-256 in base64url. It can't be reversed, so a database copy contains no
 * usable token.
 */
export const tokenIdOf = (token: string): string => createHash("sha256").update(token, "utf8").digest("base64url");
