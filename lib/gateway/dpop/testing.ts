import { createHash } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** A client's key, with which it proves its calls. */
export interface ProofKey {
  jwk: JWK;
  privateJwk: JWK;
  thumbprint: string;
  /** A proof for a call, of which a test says what is to be different. Members that are undefined are left out. */
  prove(call: { method: string; url: string; token: string }, different?: DifferentProof): Promise<string>;
}

export interface DifferentProof {
  header?: Record<string, unknown>;
  payload?: Record<string, unknown>;
  /** Signs instead of the key. */
  signer?: CryptoKey | Uint8Array;
}

const present = (members: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** Makes a key for an algorithm. */
export async function proofKey(alg = "ES256"): Promise<ProofKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return {
    jwk,
    privateJwk: await exportJWK(privateKey),
    thumbprint: await calculateJwkThumbprint(jwk),
    prove({ method, url, token }, { header, payload, signer = privateKey } = {}) {
      const claims = {
        jti: crypto.randomUUID(),
        htm: method,
        htu: url,
        iat: Math.floor(Date.now() / 1000),
        ath: createHash("sha256").update(token).digest("base64url"),
        ...payload,
      };
      const protectedHeader = { typ: "dpop+jwt", alg, jwk, ...header };
      return new SignJWT(present(claims)).setProtectedHeader({ alg, ...present(protectedHeader) }).sign(signer);
    },
  };
}
