import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeToken, expiryOf, maskToken, timeOfClaim } from "./jwt";

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("decoding a token for display", () => {
  it("gives back every header and claim of a JWT, in any script", () => {
    const record = fc.dictionary(
      fc.string({ unit: "grapheme" }),
      fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean(), fc.array(fc.string())),
    );
    fc.assert(
      fc.property(record, record, (header, claims) => {
        const [readHeader, readClaims] = [JSON.parse(JSON.stringify(header)), JSON.parse(JSON.stringify(claims))];
        expect(decodeToken(`${part(header)}.${part(claims)}.c2ln`)).toEqual({ header: readHeader, claims: readClaims });
      }),
    );
  });

  it("answers null for what is no JWT, and never throws", () => {
    for (const token of ["", "opaque", "a.b", "a.b.c", `${part([1])}.${part({})}.x`, `${part({})}.${part("text")}.x`, "....", "!.!.!"])
      expect(decodeToken(token)).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (token) => {
        decodeToken(token);
        decodeToken(`${token}.${token}.${token}`);
      }),
    );
  });

  it("ignores the line break that pasting brings along", () => {
    expect(decodeToken(`${part({ alg: "RS256" })}.${part({ sub: "x" })}.sig\n`)?.claims.sub).toBe("x");
  });
});

describe("times in a token", () => {
  it("reads seconds since 1970", () => {
    expect(timeOfClaim("exp", 0)?.toISOString()).toBe("1970-01-01T00:00:00.000Z");
    expect(expiryOf(`${part({})}.${part({ exp: 1_800_000_000 })}.s`)?.getTime()).toBe(1_800_000_000_000);
  });

  it("answers null for other claims and for what is no time", () => {
    expect(timeOfClaim("count", 5)).toBeNull();
    expect(timeOfClaim("exp", "soon")).toBeNull();
    expect(timeOfClaim("exp", 1e300)).toBeNull();
    expect(expiryOf("opaque")).toBeNull();
  });
});

describe("a masked token", () => {
  it("shows four characters at most, and none of a short one", () => {
    expect(maskToken(`${"x".repeat(40)}abcd`)).toBe("••••••••abcd");
    expect(maskToken("short-secret")).not.toContain("short");
  });
});
