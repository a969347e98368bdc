/** Form-encodes one value (RFC 6749, appendix B), so it can't add parameters. */
export const formEncode = (value: string) => new URLSearchParams([["", value]]).toString().slice(1);
