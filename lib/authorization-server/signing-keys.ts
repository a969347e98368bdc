import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import type { SecretBox } from "@/lib/platform/secrets";

/** What every resource server supports (RFC 9068 section 2.1: RS256 is mandatory). */
export const SIGNING_ALGORITHM = "RS256";
const MODULUS_BITS = 2048;

export interface NewSigningKey {
  kid: string;
  algorithm: string;
  publicJwk: { kty: string; n: string; e: string; kid: string; alg: string; use: string };
  privateCiphertext: string;
}

/** A new RSA key; its id is its RFC 7638 thumbprint, its private half is encrypted for this server only. */
export async function newSigningKey(box: SecretBox, serverId: string): Promise<NewSigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true });
  const { kty, n, e } = await exportJWK(publicKey);
  if (!kty || !n || !e) throw new Error("The new key is no RSA key.");
  const kid = await calculateJwkThumbprint({ kty, n, e });
  const shared = { kid, alg: SIGNING_ALGORITHM, use: "sig" };
  const privateJwk: JWK = { ...(await exportJWK(privateKey)), ...shared };
  return {
    kid,
    algorithm: SIGNING_ALGORITHM,
    publicJwk: { kty, n, e, ...shared },
    privateCiphertext: box.seal(JSON.stringify(privateJwk), serverId),
  };
}
