import { createPublicKey, type KeyObject } from "node:crypto";
import type { JWK } from "jose";
import { isObject } from "./json";

/** RFC 7518, 3.3: 2048 bits or more. Larger ones than the other bound make every signature check slow. */
const RSA_BITS = { min: 2048, max: 8192 } as const;
const RSA_EXPONENT_MAX = 2n ** 64n;
/** Base64url digits of the modulus and of the exponent, with room for a leading zero byte. */
const RSA_DIGITS = { n: Math.ceil((RSA_BITS.max / 8 + 1) / 3) * 4, e: 12 } as const;
/** What makes a key private, or is it (RFC 7518, 6.2.2, 6.3.2, and 6.4). Whoever can read such a key can sign with it. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
const CURVES: ReadonlySet<unknown> = new Set(["P-256", "P-384", "P-521", "Ed25519"]);

/** A text member; undefined when it says nothing, as serializers write null and "" for it; null when it is no text. */
function textMember(value: unknown): string | undefined | null {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : null;
}

/** An empty list says nothing either. */
function mayVerify(operations: unknown): boolean {
  if (operations === undefined || operations === null) return true;
  return Array.isArray(operations) && (operations.length === 0 || operations.includes("verify"));
}

/**
 * Whether the numbers of an RSA key are no longer than those of the largest one in use. Asking Node for an exponent of 300 KB
 * takes over a minute, so this comes first.
 */
export const isSizedRsa = ({ n, e }: Readonly<Record<string, unknown>>): boolean =>
  typeof n === "string" && typeof e === "string" && n.length <= RSA_DIGITS.n && e.length <= RSA_DIGITS.e;

/** With the exponent 1, or an even one, anyone could sign. */
function isGoodRsa({ asymmetricKeyDetails: { modulusLength = 0, publicExponent = 0n } = {} }: KeyObject): boolean {
  const isExponent = publicExponent >= 3n && publicExponent % 2n === 1n && publicExponent <= RSA_EXPONENT_MAX;
  return isExponent && modulusLength >= RSA_BITS.min && modulusLength <= RSA_BITS.max;
}

/** The key with its public members only, as Node itself writes it; null when it is none that a signature is checked with. */
function publicJwk({ kty, n, e, crv, x, y }: Readonly<Record<string, unknown>>): JWK | null {
  if (kty === "RSA" && !isSizedRsa({ n, e })) return null;
  try {
    const key = createPublicKey({ key: JSON.parse(JSON.stringify({ kty, n, e, crv, x, y })), format: "jwk" });
    if (kty === "RSA" && !isGoodRsa(key)) return null;
    if (kty !== "RSA" && !CURVES.has(crv)) return null;
    return key.export({ format: "jwk" }) as JWK;
  } catch {
    return null;
  }
}

function usableKey(value: unknown): JWK | null {
  if (!isObject(value)) return null;
  const { kty, key_ops: operations } = value;
  if (kty !== "RSA" && kty !== "EC" && kty !== "OKP") return null;
  if (PRIVATE_MEMBERS.some((member) => value[member] !== undefined && value[member] !== null)) return null;
  const [kid, alg, use] = [textMember(value.kid), textMember(value.alg), textMember(value.use)];
  if (kid === null || alg === null || use === null || (use !== undefined && use !== "sig") || !mayVerify(operations)) return null;
  const key = publicJwk(value);
  return key && { ...key, use: "sig", ...(kid === undefined ? {} : { kid }), ...(alg === undefined ? {} : { alg }) };
}

/**
 * Returns the keys of a set that signatures can be checked with, in their order. Everything else is left out: what is not
 * understood SHOULD be ignored (RFC 7517, 5), and one key of another kind must not take the others with it.
 */
export function usableKeys(values: readonly unknown[]): JWK[] {
  return values.map(usableKey).filter((key) => key !== null);
}
