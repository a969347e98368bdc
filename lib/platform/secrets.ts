import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** Encrypts stored values and binds them to their owner. */
export interface SecretBox {
  /** Returns `<key ID>.<nonce>.<ciphertext and tag>` in base64url. */
  seal(plaintext: string, ownerId: string): string;
  /** @throws Error when the key, the owner or any bit differs. */
  open(sealed: string, ownerId: string): string;
}

const TAG_BYTES = 16;

/** Identifies a key in encrypted values without revealing it. */
export function secretKeyId(key: string): string {
  return createHash("sha256").update(Buffer.from(key, "base64")).digest("base64url").slice(0, 8);
}

/**
 * AES-256-GCM with a random 96-bit nonce and the owner's ID as associated data, so a row copied to another owner doesn't decrypt.
 * @param key 32 bytes in base64
 */
export function secretBox(key: string): SecretBox {
  const secret = Buffer.from(key, "base64");
  if (secret.length !== 32) throw new Error("The secret key must be 32 bytes in base64.");
  const keyId = secretKeyId(key);
  return {
    seal(plaintext, ownerId) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", secret, nonce);
      cipher.setAAD(Buffer.from(ownerId));
      const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return [keyId, nonce.toString("base64url"), body.toString("base64url")].join(".");
    },
    open(sealed, ownerId) {
      const [id, nonce, body] = sealed.split(".");
      if (!id || !nonce || !body) throw new Error("A stored secret is damaged.");
      if (id !== keyId) throw new Error("A stored secret was encrypted with another GATEWRIGHT_SECRET_KEY. Restore that key.");
      const bytes = Buffer.from(body, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", secret, Buffer.from(nonce, "base64url"), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(ownerId));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]).toString("utf8");
    },
  };
}
