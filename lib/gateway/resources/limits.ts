/** The largest response of an authorization server about a token or its keys, in bytes. */
export const MAX_RESPONSE_BYTES = 262_144;
