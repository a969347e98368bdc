import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** Encrypts and decrypts what is stored, bound to its owner. */
export interface SecretBox {
  /** `<key id>.<nonce>.<ciphertext and tag>`, base64url; decrypts only for the same owner. */
  seal(plaintext: string, ownerId: string): string;
  /** @throws Error when the key, the owner or a single bit is wrong. */
  open(sealed: string, ownerId: string): string;
}

const TAG_BYTES = 16;

/** What names a key in everything that it encrypted, and says nothing of the key. */
export function secretKeyId(key: string): string {
  return createHash("sha256").update(Buffer.from(key, "base64")).digest("base64url").slice(0, 8);
}

/**
 * AES-256-GCM with a random 96-bit nonce and the owner's id as associated data, so that
 * a row copied to another owner does not decrypt.
 * @param key base64 of 32 bytes
 */
export function secretBox(key: string): SecretBox {
  const secret = Buffer.from(key, "base64");
  if (secret.length !== 32) throw new Error("The secret key has 32 bytes in base64.");
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
      if (id !== keyId)
        throw new Error(
          "A stored secret was encrypted with another GATEWRIGHT_SECRET_KEY. Start with the key that the data was made with.",
        );
      const bytes = Buffer.from(body, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", secret, Buffer.from(nonce, "base64url"), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(ownerId));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]).toString("utf8");
    },
  };
}
