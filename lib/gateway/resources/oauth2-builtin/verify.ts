import { createLocalJWKSet, type JWK, type JWTPayload, jwtVerify } from "jose";
import type { BuiltinServer } from "../../ports";

/** The one algorithm that a public key is for; undefined for keys that are not for signatures. */
function algorithmOf(key: JWK): string | undefined {
  if (key.kty === "oct" || (key.use !== undefined && key.use !== "sig")) return undefined;
  if (key.alg !== undefined) return key.alg;
  if (key.kty === "RSA") return "RS256";
  if (key.kty === "EC") return { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" }[key.crv ?? ""];
  return key.kty === "OKP" ? "EdDSA" : undefined;
}

/**
 * Compiles the check of a server's tokens (RFC 9068, section 4). Which algorithms are accepted follows from the keys,
 * never from the token. The audience is left to the caller; times are checked at `nowMs`.
 */
export function compileVerifier(server: BuiltinServer): (token: string, nowMs: number) => Promise<JWTPayload> {
  const keys = server.keys.flatMap((key) => {
    const alg = algorithmOf(key);
    return alg === undefined ? [] : [{ ...key, alg }];
  });
  const keySet = createLocalJWKSet({ keys });
  const algorithms = [...new Set(keys.map((key) => key.alg))];
  return async (token, nowMs) => {
    const { payload } = await jwtVerify(token, keySet, {
      issuer: server.issuer,
      typ: "at+jwt",
      algorithms,
      requiredClaims: ["exp", "aud", "sub", "client_id", "iat", "jti"],
      currentDate: new Date(nowMs),
      clockTolerance: 0,
    });
    return payload;
  };
}

/** Everything of a server on which a check depends, as text: another key, and what was known is known no more. */
export function serverFingerprint(server: BuiltinServer): string {
  return JSON.stringify([server.id, server.issuer, server.audience, server.enabled, server.keys]);
}
