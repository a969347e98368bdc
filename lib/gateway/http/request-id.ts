import { randomBytes } from "node:crypto";

const BATCH = 64;
const TEXT_LENGTH = 36;
const VARIANTS = "89ab";

/** Random UUIDs (RFC 9562, section 5.4), one behind the other. */
function batch(): string {
  const hex = randomBytes(BATCH * 16).toString("hex");
  const parts: string[] = [];
  for (let at = 0; at < hex.length; at += 32) {
    const variant = VARIANTS[Number.parseInt(hex[at + 16] ?? "0", 16) & 3] ?? "8";
    parts.push(
      `${hex.slice(at, at + 8)}-${hex.slice(at + 8, at + 12)}-4${hex.slice(at + 13, at + 16)}-${variant}${hex.slice(at + 17, at + 20)}-${hex.slice(at + 20, at + 32)}`,
    );
  }
  return parts.join("");
}

/**
 * Makes the ids of requests: random UUIDs. Every call needs one, so they are made many at a time and cut from one text; the one
 * that Node makes by itself is put together from twenty pieces, which everything that writes it has to join.
 */
export function requestIds(): () => string {
  let text = "";
  let next = 0;
  return () => {
    if (next === text.length) {
      text = batch();
      next = 0;
    }
    next += TEXT_LENGTH;
    return text.slice(next - TEXT_LENGTH, next);
  };
}
