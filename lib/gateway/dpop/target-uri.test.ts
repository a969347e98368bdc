import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTarget } from "../http/target";
import { normalizedTargetUri } from "./target-uri";

/** Segments that a gateway serves at all: not those that ASP.NET or NTFS take for nothing. */
const segment = fc.stringMatching(/^[A-Za-z0-9_~!$&'()*+,=:@-]{1,8}$/).filter((text) => typeof parseTarget(`/${text}`) !== "string");
const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => `/${segments.join("/")}`);
const host = fc.constantFrom("api.example", "localhost", "a.b.example", "127.0.0.1", "[::1]");
const origin = fc.tuple(fc.constantFrom("http", "https"), host, fc.constantFrom("", ":8443", ":8082")).map((parts) => {
  const [scheme, name, port] = parts;
  return `${scheme}://${name}${port}`;
});

/** The same path with some of its characters written as escapes, which the rules of URIs read as the same. */
const escaped = (text: string, choices: readonly boolean[]) =>
  [...text]
    .map((character, index) => {
      if (!choices[index % choices.length] || !/[A-Za-z0-9_~-]/.test(character)) return character;
      const hex = character.charCodeAt(0).toString(16);
      return `%${index % 2 === 0 ? hex : hex.toUpperCase()}`;
    })
    .join("");

describe("the URL that a proof is for", () => {
  it("is the same however host, port, escapes, query and fragment are written", () => {
    fc.assert(
      fc.property(origin, path, fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }), fc.boolean(), (base, rest, choices, isUpper) => {
        const wanted = normalizedTargetUri(base + rest);
        expect(wanted).toBe(base + rest);
        const isDefault = !/:\d+$/.test(base);
        const port = isDefault ? (base.startsWith("https") ? ":443" : ":80") : "";
        const written = (isUpper ? base.toUpperCase() : base) + port + escaped(rest, choices);
        expect(normalizedTargetUri(`${written}?a=b/../c#d`)).toBe(wanted);
      }),
    );
  });

  it("is another as soon as scheme, host, port or path is another", () => {
    fc.assert(
      fc.property(origin, path, origin, path, (base, rest, otherBase, otherRest) => {
        fc.pre(base + rest !== otherBase + otherRest);
        expect(normalizedTargetUri(base + rest)).not.toBe(normalizedTargetUri(otherBase + otherRest));
      }),
    );
  });

  it("is in the spelling in which the gateway matches paths, or none", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const normalized = normalizedTargetUri(url);
        if (normalized === null) return;
        const target = parseTarget(new URL(normalized).pathname);
        expect(typeof target === "string" ? target : target.path).toBe(new URL(normalized).pathname);
        expect(normalizedTargetUri(normalized)).toBe(normalized);
      }),
    );
  });

  it("is none for whatever is no http URL, and never an error", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void normalizedTargetUri(text)));
    for (const text of [
      "",
      "/orders",
      "//api.example/orders",
      "ftp://api.example/orders",
      "https://user@api.example/orders",
      "https://user:secret@api.example/orders",
      "https://api.example\\orders",
      "https://api.example/a\\b",
      " https://api.example/orders",
      "https://api.example/orders\n",
      "https://api.example/or ders",
      "https://api.example/%zz",
      "https://api.example/a//b",
      "https://api.example/%2e%2e%2f",
      `https://api.example/${"a".repeat(9000)}`,
    ]) {
      expect(normalizedTargetUri(text)).toBeNull();
    }
  });
});
