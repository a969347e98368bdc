/** Describes what requiring DPoP means for an application (RFC 9449). */
export const dpopDescription =
  "Tokens are bound to the application's key and require a signed proof (RFC 9449). Token requests without a proof are rejected.";
