import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTarget, readingsOf } from "./target";

const SPECIALS = [
  "/",
  "//",
  ".",
  "..",
  "%2e",
  "%2E",
  "%2f",
  "%5c",
  "\\",
  ";",
  "%3b",
  "%00",
  "%09",
  "%252e",
  "%25",
  "%c0%ae",
  "%e2%82%ac",
  " ",
  "%20",
  "~",
  "%7e",
  "a",
  "B",
  "%61",
  "|",
  "[",
  "?",
  "#",
  "\u00e9",
  "%",
  "%g1",
];
const mutated = fc
  .array(fc.oneof(fc.constantFrom(...SPECIALS), fc.string({ maxLength: 3 })), { maxLength: 12 })
  .map((parts) => `/${parts.join("")}`);

describe("a request target that is accepted", () => {
  it("has one spelling: parsing its canonical form gives the same form and the same segments", () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const target = parseTarget(text);
        if (typeof target === "string") return;
        const again = parseTarget(target.path + target.query);
        expect(again).toEqual(target);
      }),
      { numRuns: 2000 },
    );
  });

  it("is what is matched: decoding the forwarded path gives the matched segments", () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const target = parseTarget(text);
        if (typeof target === "string") return;
        const parts = target.path.split("/").slice(1);
        if (parts.at(-1) === "") parts.pop();
        expect(parts.map(decodeURIComponent)).toEqual(target.segments);
      }),
      { numRuns: 2000 },
    );
  });

  it("is read as the same path by every URL parser: no dot segments, backslashes or empty segments remain, however often it is decoded", () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const target = parseTarget(text);
        if (typeof target === "string") return;
        expect(new URL(target.path, "http://backend.test").pathname).toBe(target.path);
        for (const segment of target.segments) {
          let decoded = segment;
          for (let round = 0; round < 6; round += 1) {
            for (const part of decoded.split("/").flatMap((piece) => [piece, piece.split(";")[0] ?? ""])) {
              expect(part).not.toMatch(/^$|^\.{1,2}$|[. ]$|\\/);
              // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
              expect(part).not.toMatch(/[\u0000-\u001f\u007f]/);
            }
            if (!target.semicolon) expect(decoded).not.toContain(";");
            if (!target.encodedSlash) expect(decoded).not.toContain("/");
            try {
              decoded = decodeURIComponent(decoded);
            } catch {
              break;
            }
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps what RFC 3986 lets stand and gives each character its one spelling", () => {
    expect(parseTarget("/a%2fb")).toMatchObject({ path: "/a%2Fb", encodedSlash: true });
    expect(parseTarget("/%7Ea/%c3%a9?q=%zz")).toMatchObject({ path: "/~a/%C3%A9", query: "?q=%zz", segments: ["~a", "é"] });
    expect(parseTarget("/a|b[1]")).toMatchObject({ path: "/a%7Cb%5B1%5D", segments: ["a|b[1]"] });
    expect(parseTarget("/")).toMatchObject({ path: "/", segments: [] });
  });
});

describe("a request target of everyday APIs", () => {
  it.each([
    "/Orders(1)/Items",
    "/Orders('a')",
    "/(a)",
    "/Patient/$everything",
    "/jobs/7:cancel",
    "/a:b",
    "/price:$5",
    "/%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80",
  ])("is taken: %s", (text) => {
    expect(parseTarget(text)).toBeTypeOf("object");
  });
});

describe("the readings of a request target", () => {
  const readings = (text: string) => {
    const target = parseTarget(text);
    if (typeof target === "string") throw new Error(target);
    return readingsOf(target.segments, target);
  };

  it("is one for a path that every backend reads alike", () => {
    expect(readings("/private/a%20b")).toEqual([["private", "a b"]]);
  });

  it("are all those that some backend has, so that none gets past the flows of another", () => {
    expect(readings("/private;x=1/a")).toContainEqual(["private", "a"]);
    expect(readings("/private%2Fa")).toContainEqual(["private", "a"]);
    expect(readings("/%2570rivate")).toContainEqual(["private"]);
    expect(readings("/private%3Fx")).toContainEqual(["private"]);
    expect(readings("/private/%23x")).toContainEqual(["private"]);
    expect(readings("/%2570rivate%253f/x")).toContainEqual(["private"]);
    expect(readings("/x;y%2Fprivate")).toContainEqual(["x", "private"]);
  });

  it.each([
    ["full-width letters", "/%EF%BD%90rivate/a"],
    ["a zero-width joiner", "/priv%E2%80%8Date/a"],
    ["a soft hyphen", "/priv%C2%ADate/a"],
    ["a full-width slash", "/private%EF%BC%8Fa"],
    ["a full-width slash that is encoded twice", "/private%25EF%25BC%258Fa"],
    ["a full-width backslash", "/private%EF%BC%BCa"],
    ["a no-break space at the end", "/private%C2%A0/a"],
    ["a one-dot leader at the end", "/private%E2%80%A4/a"],
    ["a letter in a circle", "/pr%E2%93%98vate/a"],
    ["a full-width question mark", "/private/a%EF%BC%9Fb"],
    ["a full-width semicolon", "/private/a%EF%BC%9Bb"],
  ])("are also what Unicode's normalization makes of %s", (_name, text) => {
    expect(readings(text)).toContainEqual(["private", "a"]);
  });

  it("stay one for text that normalization leaves alone", () => {
    expect(readings("/caf%C3%A9/%E6%97%A5%E6%9C%AC")).toEqual([["café", "日本"]]);
  });
});

describe("a long request target", () => {
  const long = (segment: string, count: number) => parseTarget(segment.repeat(count));

  it("has any number of plain segments", () => {
    expect(long("/a", 5000)).toMatchObject({ path: "/a".repeat(5000) });
  });

  it.each(["/%C2%A8", "/%253F", "/a%2Fb", "/a%EF%BC%8Fb", "/x%252Fa", "/a;b"])(
    "has a bounded number of segments that are read in several ways: %s",
    (segment) => {
      expect(long(segment, 50)).toMatchObject({ query: "" });
      expect(long(segment, 300)).toContain("128 segments");
    },
  );

  it("is read in no more ways than there are different ones", () => {
    const target = parseTarget(`${"/%C2%A8a".repeat(100)}/%253Fb`);
    if (typeof target === "string") throw new Error(target);
    const readings = readingsOf(target.segments, target);
    expect(new Set(readings.map((reading) => JSON.stringify(reading))).size).toBe(readings.length);
  });
});

describe("a request target that is refused", () => {
  it.each([
    "",
    "*",
    "http://host/a",
    "/a//b",
    "//",
    "/.",
    "/..",
    "/a/../b",
    "/%2e",
    "/a.",
    "/a%20",
    "/a%20/b",
    "/a\\b",
    "/%5c",
    "/%0a",
    "/%7f",
    "/%c2%85",
    "/%",
    "/%4",
    "/%zz",
    "/%c0%af",
    "/%f8%88%80%80%80",
    "/a#b",
    "/a?b#c",
    "/a b",
    "/%25252e%25252e",
    "/a%252f..%252fb%25",
    "/%252e%25zz",
    "/..%3f",
    "/public/..%23/private",
    "/public/%252e.%253fx",
    "/\u00e9",
    "/a?\u00e9",
    // What ASP.NET takes out of a path before it reads it.
    "/(S(lit3py55t21z5v55vlm25s55))/private",
    "/(A(x)F(y)S(z))/private",
    "/%28S%28x%29%29/private",
    "/%2528S(x))/private",
    "/a/(X(1))",
    // Streams of NTFS, which are the file or the folder itself.
    "/private::$DATA",
    "/private::%24data",
    "/private:$I30:$INDEX_ALLOCATION/x",
    // Dots that Unicode's normalization makes.
    "/a/%E2%80%A5/private",
    "/a/%E2%80%A4%E2%80%A4/private",
    "/a/%EF%BC%8E./private",
    "/a/x%EF%BC%8F..%EF%BC%8Fprivate",
    "/a/%E2%80%8B/private",
  ])("is %j", (text) => {
    expect(parseTarget(text)).toBeTypeOf("string");
  });
});
