/** What binding tokens to a key asks of an application (RFC 9449). */
export const dpopDescription =
  "Each token works only with a proof that is signed with the application's own key (RFC 9449). Requests for a token without a proof are refused.";
