/** How a proof may be signed (RFC 9449, section 4.3, check 5): asymmetric algorithms only. */
export const PROOF_ALGORITHMS = ["ES256", "ES384", "ES512", "Ed25519", "EdDSA", "PS256", "RS256"] as const;
