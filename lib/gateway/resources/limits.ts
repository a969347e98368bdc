/** The largest response of an authorization server about its keys, in bytes. */
export const MAX_RESPONSE_BYTES = 262_144;

/** The largest introspection response, in bytes. No token that a client can send stands for more, and each is read anew. */
export const MAX_INTROSPECTION_BYTES = 65_536;
