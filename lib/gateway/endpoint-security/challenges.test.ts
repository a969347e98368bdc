import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Challenge, parseChallenges, parseParameters } from "./challenges";

const TOKEN_CHARACTERS = [..."!#$%&'*+.^_`|~-0123456789abcdefghijklmnopqrstuvwxyzABCXYZ"];
const token = fc.string({ unit: fc.constantFrom(...TOKEN_CHARACTERS), minLength: 1, maxLength: 12 });
/** What a quoted string may hold: everything visible, spaces, and bytes above ASCII. */
const text = fc.string({ unit: fc.constantFrom('"', "\\", ",", "=", " ", "\t", "a", "Z", "é", "ÿ", "Basic", "/"), maxLength: 12 });
const parameter = fc.record({ name: token, value: fc.oneof(token, text), isQuoted: fc.boolean(), space: fc.constantFrom("", " ", "\t ") });
const challenge = fc.record({
  scheme: token,
  parameters: fc.uniqueArray(parameter, { selector: ({ name }) => name.toLowerCase(), minLength: 1, maxLength: 5 }),
  comma: fc.constantFrom(",", ", ", " , ", ",, ,"),
});
const isToken = (value: string) => value !== "" && [...value].every((character) => TOKEN_CHARACTERS.includes(character));
const escaped = (value: string) => value.replace(/["\\]/g, "\\$&");

type Written = typeof challenge extends fc.Arbitrary<infer T> ? T : never;

const write = ({ scheme, parameters, comma }: Written) =>
  `${scheme} ${parameters
    .map(({ name, value, isQuoted, space }) => `${name}${space}=${space}${isQuoted || !isToken(value) ? `"${escaped(value)}"` : value}`)
    .join(comma)}`;
const read = ({ scheme, parameters }: Written): Challenge => ({
  scheme: scheme.toLowerCase(),
  parameters: new Map(parameters.map(({ name, value }) => [name.toLowerCase(), value])),
});

describe("WWW-Authenticate", () => {
  it("is read as it was written: several challenges in one header, and several headers", () => {
    fc.assert(
      fc.property(fc.array(fc.array(challenge, { minLength: 1, maxLength: 4 }), { maxLength: 3 }), (headers) => {
        expect(parseChallenges(headers.map((challenges) => challenges.map(write).join(", ")))).toEqual(headers.flat().map(read));
      }),
    );
  });

  it("is read without an error whatever stands in it, and not at all when it is endless", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: "binary" }), text, fc.constant('Digest realm="a'))), (headers) => {
        parseChallenges(headers);
        for (const header of headers) parseParameters(header);
      }),
    );
    expect(parseChallenges([`Digest realm="${"\\\\".repeat(8000)}`])).toHaveLength(2);
    expect(parseChallenges([`Digest realm="${"a".repeat(20_000)}"`])).toEqual([]);
  });

  it("may have schemes with one text, with nothing, and empty elements", () => {
    const schemes = (header: string) => parseChallenges([header]).map(({ scheme, parameters }) => `${scheme}:${parameters.size}`);
    expect(schemes('Negotiate, , NTLM TlRMTVNTUAAC==, Digest realm="a, b", nonce=c')).toEqual(["negotiate:0", "ntlm:0", "digest:2"]);
    expect(schemes("Bearer")).toEqual(["bearer:0"]);
    expect(schemes("")).toEqual([]);
  });

  it("leaves a challenge out that names a parameter twice", () => {
    expect(parseChallenges(['Digest realm="a", REALM="b", nonce="n", Basic realm="c"'])).toEqual([
      { scheme: "basic", parameters: new Map([["realm", "c"]]) },
    ]);
  });
});
