import fc from "fast-check";

const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(2, "0");
const utf8 = (character: string) => [...Buffer.from(character)].map((byte) => `%${byte.toString(16)}`).join("");
const rawUtf8 = (character: string) => Buffer.from(character).toString("latin1");

/** Characters that some way of ignoring case holds equal to an ASCII letter. */
const FOLDED: Readonly<Record<string, string>> = { k: "\u212a", s: "\u017f", i: "\u0131" };
const FULL_WIDTH = (character: string) => String.fromCharCode(character.charCodeAt(0) + 0xfee0);

/** One spelling of one letter. As it is comes far more often than anything else, so that most words stay recognisable. */
const letter = (character: string) => {
  const folded = FOLDED[character];
  return fc.oneof(
    { arbitrary: fc.constant(character), weight: 60 },
    { arbitrary: fc.constant(`%${hex(character)}`), weight: 2 },
    { arbitrary: fc.constant(`%${hex(character).toUpperCase()}`), weight: 1 },
    { arbitrary: fc.constant(character.toUpperCase()), weight: 6 },
    { arbitrary: fc.constant(`%${hex(character.toUpperCase())}`), weight: 1 },
    { arbitrary: fc.constantFrom(`%25${hex(character)}`, `%2525${hex(character)}`, `%u00${hex(character)}`), weight: 1 },
    { arbitrary: fc.constantFrom(utf8(FULL_WIDTH(character)), `%c1%${(0x80 | (character.charCodeAt(0) & 0x3f)).toString(16)}`), weight: 1 },
    ...(folded === undefined ? [] : [{ arbitrary: fc.constantFrom(utf8(folded), rawUtf8(folded)), weight: 2 }]),
  );
};

const word = (text: string) => fc.tuple(...[...text].map(letter)).map((parts) => parts.join(""));

/** One way to write a slash. */
const slash = fc.oneof(
  { arbitrary: fc.constant("/"), weight: 20 },
  {
    arbitrary: fc.constantFrom(
      ...[
        "//",
        "///",
        "/./",
        "/.//",
        "/%2e/",
        "/;/",
        "/;x=1/",
        "/x/../",
        "/x/%2e%2e/",
        "/x/..;/",
        "/.;/",
        "/%20/",
        "/\t/",
        "/%09/",
        "/%00/",
      ],
      ...["%2f", "%2F", "%252f", "%25252f", "\\", "%5c", "%5C", "%255c", "/\\", "\\/", "%2f%2f", "/%2f", "%2f/", "%c0%af", "%e0%80%af"],
      ...["%u2215", "%ef%bc%8f", "/x\\..\\", "/x%2f..%2f", "/x%5c..%5c", "/%2e%2f", "/x/..%2f", "/x%2f../", "/./././"],
    ),
    weight: 7,
  },
);

/** What stands before the way into the protected area. */
const prefix = fc.oneof(
  { arbitrary: fc.constant(""), weight: 14 },
  {
    arbitrary: fc.constantFrom(
      ...[
        "public/..",
        "public/../",
        "public/%2e%2e",
        "public/.%2e",
        "public/%2E.",
        "public/..;",
        "public/..;x=y",
        "public/;/..",
        "public/.",
      ],
      ...[
        "public/..%00",
        "public/..%20",
        "public/...",
        "public/..../..",
        "public/%252e%252e",
        "public/%25%32%65%25%32%65",
        "public%2f..",
        "public%2f%2e%2e",
      ],
      ...[
        "public%5c..",
        "public\\..",
        "public/..\\",
        "public/x/../..",
        "public/%c0%ae%c0%ae",
        "public/%e0%80%ae%e0%80%ae",
        "public/%uff0e%uff0e",
      ],
      ...[
        "public/%c0%2e%c0%2e",
        "public/.\t.",
        "public/\t..",
        "public/%09..",
        "public..",
        "public;/..",
        "public;a=b/..",
        "public;/../",
        "public/;..;/..",
      ],
      ...[
        ".",
        "./.",
        "..",
        "../..",
        "%2e",
        "%2e%2e",
        ";",
        ";x",
        "%20",
        "%09",
        "%00",
        "%0a",
        "%0d%0a",
        "#",
        "%23",
        "?",
        "public?",
        "public#",
        "public%3f",
      ],
      ...[
        "public/x;/../..",
        "public/%3b/..",
        "public/..%3b",
        "public/..%253b",
        "public/..%2f",
        "public/..%5c",
        "public/..%252f",
        "public/..%255c",
      ],
      ...[
        "%",
        "%2",
        "%zz",
        "%%32%66",
        "%ff",
        "%80",
        "%c3%28",
        "\u00ff",
        "\u0085",
        "public/\u00e9/..",
        "public/%e9/..",
        "~",
        "public/~/..",
        "@x",
        "x:y",
        "*",
      ],
      ...["files..", "files/..", "files../private/secret.txt?", "files/../private/secret.txt?", "app/..", "app", "public/../app"],
    ),
    weight: 10,
  },
);

/** What stands after it. */
const suffix = fc.oneof(
  { arbitrary: fc.constant(""), weight: 12 },
  {
    arbitrary: fc.constantFrom(
      ...[
        "/",
        "//",
        ".",
        "..",
        "/.",
        "/..",
        "/./",
        "%20",
        "%20/",
        " ",
        "\t",
        "%09",
        "%00",
        "%00.html",
        "%0a",
        "%0d",
        "\u0000",
        ";",
        ";x",
        ";x=1/",
        ".;",
        "/;",
        "/..;/",
      ],
      ...[
        "#",
        "#/public",
        "%23",
        "?",
        "?/",
        "??",
        "?x=/../public",
        "?x=1;y=2",
        "%3f",
        "%3fx",
        "?#",
        "?\u00e9",
        "?%00",
        "&",
        "&x",
        "=",
        ",",
        ":",
        "@",
        "!",
        "$",
        "'",
        "(",
        "*",
        "+",
      ],
      ...[
        "%2f",
        "%2f/",
        "%5c",
        "\\",
        "%252e",
        "%252f",
        "%2500",
        "%c0%80",
        "::$DATA",
        "~1",
        "%e2%80%8b",
        "%c2%a0",
        "%ef%bb%bf",
        "%c2%ad",
        "/x/..",
        "/x/../y",
        "/..%2fprivate",
      ],
    ),
    weight: 6,
  },
);

const long = fc.nat({ max: 400 }).map((times) => `${"x/../".repeat(times)}`);

/** What a proxy would send: scheme and host before the path. */
const authority = fc.oneof(
  { arbitrary: fc.constant(""), weight: 30 },
  {
    arbitrary: fc.constantFrom(
      ...[
        "http://gateway.test",
        "HTTP://other.test",
        "https://a@b:99999",
        "http:/",
        "http://",
        "http:",
        "//gateway.test",
        "///",
        "ftp://x",
        "http:\\\\x",
        "x://y",
      ],
      ...["http://x?", "http://x#", "http://x/..", "http://[::1]", "javascript:", "http://x\\@y", "\\\\x", "?", "#"],
    ),
    weight: 2,
  },
);

/** Plain noise between the parts, so that what nobody thought of comes too. */
const noise = fc.oneof(
  { arbitrary: fc.constant(""), weight: 20 },
  {
    arbitrary: fc
      .array(
        fc.constantFrom(
          ..."./\\;%25eEfFcC09a?#&=:@,+*~\t\u0001\u007f\u0080\u00ff".split(""),
          "%2e",
          "%2f",
          "%5c",
          "%3b",
          "%25",
          "%00",
          "%20",
          "..",
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join("")),
    weight: 3,
  },
);

/** A target as the grammar put it together; `below` stands below the API's context path. */
export interface Mutation {
  authority: string;
  below: string;
}

/**
 * Spellings of paths that lead into one of the protected areas, given without the leading slash. Bytes beyond ASCII are
 * written as Latin-1 characters; there is no line break and no plain space before the suffix.
 */
export function mutations(areas: readonly string[]): fc.Arbitrary<Mutation> {
  const area = fc.constantFrom(...areas).chain((path) => {
    const words = path.split("/").map(word);
    return fc.tuple(...words.flatMap((segment, index) => (index === 0 ? [segment] : [slash, segment]))).map((parts) => parts.join(""));
  });
  const rest = fc.oneof(
    { arbitrary: fc.constant(""), weight: 3 },
    { arbitrary: fc.tuple(slash, word("secret")).map((parts) => parts.join("")), weight: 3 },
  );
  return fc
    .tuple(
      authority,
      slash,
      prefix,
      fc.oneof({ arbitrary: fc.constant(""), weight: 40 }, { arbitrary: long, weight: 1 }),
      slash,
      noise,
      area,
      rest,
      suffix,
    )
    .map(([host, lead, before, far, between, some, path, more, after]) => ({
      authority: host,
      below:
        before === "" && far === ""
          ? `${lead}${some}${path}${more}${after}`
          : `${lead}${before}/${far}${between.slice(1)}${some}${path}${more}${after}`,
    }));
}
