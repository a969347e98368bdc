import { createHash } from "node:crypto";

/**
 * What an opaque token is known by wherever it is written down: the SHA-256 of its text, in base64url. It is as random as
 * the token and cannot be turned back into it, so that a copy of the database holds no usable token.
 */
export const tokenIdOf = (token: string): string => createHash("sha256").update(token, "utf8").digest("base64url");
