import { hash } from "node:crypto";
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, type JWK, type JWTPayload, jwtVerify } from "jose";
import { isObject } from "@/lib/http-client/json";
import { isSizedRsa, PRIVATE_JWK_MEMBERS } from "@/lib/http-client/usable-keys";
import { headerValues } from "../http/headers";
import type { UsedProofs } from "../ports";
import { PROOF_ALGORITHMS } from "./algorithms";
import { createReplayMemory } from "./replay-memory";
import { normalizedTargetUri } from "./target-uri";

/** How old a proof may be, and how far ahead the clock that made it. */
const OLDEST_SECONDS = 300;
const AHEAD_SECONDS = 60;
/** How long after it was seen a proof could pass at most. */
const LIFE_MS = (OLDEST_SECONDS + AHEAD_SECONDS + 1) * 1000;
/** Half of the proofs that are remembered at most; some 100 bytes each. */
const REMEMBERED = 250_000;
/** No proof needs more, whatever its key; no more than this is ever decoded. */
const MAX_LENGTH = 8192;
const MAX_ID_LENGTH = 1000;

/** A call that is made with a token that is bound to a key. */
export interface ProvenCall {
  /** The caller's headers, names and values in turn. */
  headers: readonly string[];
  method: string;
  /** The URL that it was made to, as callers know it, without the query. */
  url: string;
  token: string;
  /** The thumbprint of the key that the token is bound to. */
  keyThumbprint: string;
}

/** Says in a string, for the log, why a call does not prove that its caller holds the key; null when it does. It never rejects. */
export type ProofCheck = (call: ProvenCall) => Promise<string | null>;

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The key in a proof's header, of a size that a signature can be checked with. @throws Error that says what is wrong with it */
function publicKeyOf(proof: string): JWK {
  const { jwk } = decodeProtectedHeader(proof);
  if (!isObject(jwk) || PRIVATE_JWK_MEMBERS.some((member) => member in jwk)) throw new Error("its key is not a public key");
  if (jwk.kty === "RSA" && !isSizedRsa(jwk)) throw new Error("the numbers of its RSA key are too large");
  return jwk;
}

/**
 * Makes the check of DPoP proofs (RFC 9449, section 4.3) of one gateway. The numbers below are those of its twelve checks; the tenth, of
 * a nonce, does not apply, because this gateway gives none. A proof is good once, on all gateways that share what was used.
 * @param now milliseconds since the epoch
 */
export function createProofCheck(now: () => number, shared: UsedProofs | null = null): ProofCheck {
  const memory = createReplayMemory(now, LIFE_MS, REMEMBERED);

  /** In this process first, which costs nothing; then among all. What cannot be shared now was still remembered here. */
  const isFirstUse = async (keyThumbprint: string, proofId: string, issuedAt: number): Promise<boolean> => {
    if (!memory.use(keyThumbprint, proofId, issuedAt)) return false;
    if (shared === null) return true;
    return shared.use(hash("sha256", `${keyThumbprint} ${proofId}`, "base64url"), LIFE_MS, keyThumbprint).catch(() => true);
  };

  /** Checks 2 to 7: the payload of a proof that its key has signed. @throws Error that says what is wrong */
  const verifiedPayload = async (proof: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(proof, EmbeddedJWK, {
      typ: "dpop+jwt",
      algorithms: [...PROOF_ALGORITHMS],
      currentDate: new Date(now()),
    });
    return payload;
  };

  return async ({ headers, method, url, token, keyThumbprint }) => {
    const [proof, ...others] = headerValues(headers, "dpop");
    if (proof === undefined) return "The request has no DPoP header.";
    if (others.length > 0) return "The request has several DPoP headers.";
    if (proof.length > MAX_LENGTH) return `The proof has more than ${MAX_LENGTH} characters.`;
    try {
      // Before the signature, which costs the more the larger the key is.
      const proven = await calculateJwkThumbprint(publicKeyOf(proof), "sha256");
      if (proven !== keyThumbprint) return "The proof's key doesn't match cnf.jkt.";
      const { jti, htm, htu, iat, ath } = await verifiedPayload(proof);
      if (typeof jti !== "string" || jti === "" || jti.length > MAX_ID_LENGTH) return "The proof has no jti.";
      // Check 8: methods are case-sensitive (RFC 9110, section 9.1).
      if (htm !== method) return "The proof is for another method.";
      const target = typeof htu === "string" ? normalizedTargetUri(htu) : null;
      if (target === null || target !== normalizedTargetUri(url)) return `The proof is for another URL than ${url}.`;
      const nowSeconds = now() / 1000;
      if (typeof iat !== "number" || iat < nowSeconds - OLDEST_SECONDS) return "The proof is too old.";
      if (iat > nowSeconds + AHEAD_SECONDS) return "The proof's iat is in the future.";
      if (ath !== hash("sha256", token, "base64url")) return "The proof is for another token.";
      // Last, so that nobody can use up a proof that is not his.
      return (await isFirstUse(proven, jti, iat)) ? null : "The proof was used before.";
    } catch (error) {
      return `The DPoP header is not a proof: ${reasonOf(error)}.`;
    }
  };
}
