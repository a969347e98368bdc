import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import type { SecretBox } from "@/lib/platform/secrets";

/** Supported by every resource server (RFC 9068, 2.1). */
export const SIGNING_ALGORITHM = "RS256";
const MODULUS_BITS = 2048;

export interface NewSigningKey {
  kid: string;
  algorithm: string;
  publicJwk: { kty: string; n: string; e: string; kid: string; alg: string; use: string };
  privateCiphertext: string;
}

/** Generates an RSA key. Its ID is its thumbprint (RFC 7638); its private half is encrypted for this server only. */
export async function newSigningKey(box: SecretBox, serverId: string): Promise<NewSigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true });
  const { kty, n, e } = await exportJWK(publicKey);
  if (!kty || !n || !e) throw new Error("The generated key isn't an RSA key.");
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
