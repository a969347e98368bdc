/** RFC 6749, appendix B: the form encoding of one value, so that none of its characters separates or adds parameters. */
export const formEncode = (value: string) => new URLSearchParams([["", value]]).toString().slice(1);
