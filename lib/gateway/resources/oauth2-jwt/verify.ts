import { createLocalJWKSet, decodeProtectedHeader, errors, type JWK, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { issuerMismatch } from "../shown";
import type { JwtConfig } from "./schema";

/**
 * What a signature check found. `unknownKey`: another key than the known ones may have signed the token. `changedKey`: its key is
 * known by name and did not sign it, so it is forged, unless the server has put another key under the same name.
 */
export type Verification = { kind: "claims"; claims: JWTPayload } | { kind: "refused" | "unknownKey" | "changedKey"; reason: string };

/** Media types ignore case, and leave out `application/` (RFC 7515, section 4.1.9). */
const typeOf = (typ: string) => typ.toLowerCase().replace(/^application\//, "");

/** Whether `typ` is that of an access token (RFC 9068, section 4). Never that of a JWT for another purpose (RFC 8725, section 3.11). */
function isAccessTokenType(typ: unknown, requireTyp: boolean): boolean {
  if (typ === undefined) return !requireTyp;
  if (typeof typ !== "string") return false;
  const type = typeOf(typ);
  return type === "at+jwt" || (!requireTyp && type === "jwt");
}

/** What says that the signature is good and the claims are not. */
const isAboutClaims = (error: unknown) =>
  error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired || error instanceof errors.JWTInvalid;

/** Tries each key that fits a token which does not say which one signed it. A key that can't be used is skipped, whatever it throws. */
async function verifyWithAny(token: string, fitting: errors.JWKSMultipleMatchingKeys, options: JWTVerifyOptions): Promise<JWTPayload> {
  for await (const key of fitting) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (isAboutClaims(error)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** Why a token is refused, in words for the log. */
function reasonOf(error: unknown, config: JwtConfig): string {
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "iss")
    return issuerMismatch("the token", error.payload.iss, config.issuer);
  return error instanceof Error ? error.message : "It cannot be read.";
}

function problemKind(error: unknown, hasKeyId: boolean): "refused" | "unknownKey" | "changedKey" {
  if (error instanceof errors.JWKSNoMatchingKey) return "unknownKey";
  if (!(error instanceof errors.JWSSignatureVerificationFailed)) return "refused";
  return hasKeyId ? "changedKey" : "unknownKey";
}

/**
 * Compiles the check of signature, algorithm, type, issuer and times (RFC 9068, section 4; RFC 8725). The algorithm
 * is one of the allowed ones and fits the key, so that a public key never serves as a secret. It never rejects.
 * @param keys what `usableKeys` left
 */
export function compileJwtVerifier(config: JwtConfig, keys: readonly JWK[]): (token: string, nowMs: number) => Promise<Verification> {
  const keySet = createLocalJWKSet({ keys: [...keys] });
  return async (token, nowMs) => {
    let hasKeyId = false;
    try {
      const header = decodeProtectedHeader(token);
      hasKeyId = header.kid !== undefined;
      if (!isAccessTokenType(header.typ, config.requireTyp))
        return { kind: "refused", reason: "The token's typ is not that of an access token." };
      // RFC 7515, section 4.1.4. What is malformed is not worth another fetch of the keys.
      if (hasKeyId && typeof header.kid !== "string") return { kind: "refused", reason: "The token's kid is not text." };
      const options: JWTVerifyOptions = {
        issuer: config.issuer,
        algorithms: config.algorithms,
        requiredClaims: ["exp"],
        currentDate: new Date(nowMs),
        clockTolerance: config.clockSkewSeconds,
      };
      const claims = await jwtVerify(token, keySet, options)
        .then(({ payload }) => payload)
        .catch((error: unknown) => {
          if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithAny(token, error, options);
          throw error;
        });
      return { kind: "claims", claims };
    } catch (error) {
      return { kind: problemKind(error, hasKeyId), reason: reasonOf(error, config) };
    }
  };
}
