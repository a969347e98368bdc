import { createPublicKey, type KeyObject } from "node:crypto";
import type { JWK } from "jose";
import { isObject } from "./json";

/** RFC 7518, 3.3 requires 2048 bits. The maximum bounds the cost of a signature check. */
const RSA_BITS = { min: 2048, max: 8192 } as const;
const RSA_EXPONENT_MAX = 2n ** 64n;
/** Base64url digits of the modulus and of the exponent, with room for a leading zero byte. */
const RSA_DIGITS = { n: Math.ceil((RSA_BITS.max / 8 + 1) / 3) * 4, e: 12 } as const;
/** Members of a private or symmetric key (RFC 7518, 6.2.2, 6.3.2, 6.4). A published one can sign for anyone. */
export const PRIVATE_JWK_MEMBERS: readonly string[] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
const CURVES: ReadonlySet<unknown> = new Set(["P-256", "P-384", "P-521", "Ed25519"]);

/** A string member; undefined when absent, null or empty (as serializers write it); null for any other type. */
function textMember(value: unknown): string | undefined | null {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : null;
}

/** An empty list counts as absent. */
function mayVerify(operations: unknown): boolean {
  if (operations === undefined || operations === null) return true;
  return Array.isArray(operations) && (operations.length === 0 || operations.includes("verify"));
}

/**
 * Whether the parameters of an RSA key have an accepted length. Check it first: Node needs over a minute for an exponent of 300 KB.
 */
export const isSizedRsa = ({ n, e }: Readonly<Record<string, unknown>>): boolean =>
  typeof n === "string" && typeof e === "string" && n.length <= RSA_DIGITS.n && e.length <= RSA_DIGITS.e;

/** With the exponent 1 or an even exponent, anyone could sign. */
function isGoodRsa({ asymmetricKeyDetails: { modulusLength = 0, publicExponent = 0n } = {} }: KeyObject): boolean {
  const isExponent = publicExponent >= 3n && publicExponent % 2n === 1n && publicExponent <= RSA_EXPONENT_MAX;
  return isExponent && modulusLength >= RSA_BITS.min && modulusLength <= RSA_BITS.max;
}

/** The normalized public members of a key; null when it can't verify signatures. */
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
  if (PRIVATE_JWK_MEMBERS.some((member) => value[member] !== undefined && value[member] !== null)) return null;
  const [kid, alg, use] = [textMember(value.kid), textMember(value.alg), textMember(value.use)];
  if (kid === null || alg === null || use === null || (use !== undefined && use !== "sig") || !mayVerify(operations)) return null;
  const key = publicJwk(value);
  return key && { ...key, use: "sig", ...(kid === undefined ? {} : { kid }), ...(alg === undefined ? {} : { alg }) };
}

/**
 * Returns the keys of a set that can verify signatures, in order. Others SHOULD be ignored (RFC 7517, 5).
 */
export function usableKeys(values: readonly unknown[]): JWK[] {
  return values.map(usableKey).filter((key) => key !== null);
}
