import fc from "fast-check";

/** Spellings of the name of a header that says where a body ends. Only the first two are ones. */
const names = (name: string) => [
  name,
  name.toUpperCase(),
  `${name} `,
  ` ${name}`,
  `${name}\t`,
  `\t${name}`,
  name.replace("-", "_"),
  name.replace("-", "\u0000-"),
  `${name}\u000b`,
  `X: x\n${name}`,
  `X: x\r${name}`,
  `X: x\r\n\r${name}`,
  `X: x\r\n ${name}`,
  `X:\n${name}`,
  `${name.slice(0, -1)}\u017f`,
  `"${name}"`,
];

const CODINGS = [
  ...[
    "chunked",
    "CHUNKED",
    " chunked",
    "\tchunked",
    "chunked ",
    "xchunked",
    "chunk",
    "chunkedx",
    "identity",
    "",
    "gzip, chunked",
    "chunked, identity",
  ],
  ...[
    "identity, chunked",
    "chunked, chunked",
    "chunked,",
    ",chunked",
    "chunked;q=1",
    '"chunked"',
    "chunked\u000b",
    "\u000bchunked",
    "chunked\u0000",
  ],
  ...[
    "\u0000chunked",
    "x\r\n chunked",
    "\r\n chunked",
    "\r\n\tchunked",
    "chunked\r\n ",
    "x\nchunked",
    "chunked\n",
    "chunked\r",
    "\u00a0chunked",
    "cow",
    "chunked cow",
  ],
];
const LENGTHS = [
  ...[
    "0",
    "5",
    "4",
    "6",
    "40",
    "100",
    "+5",
    "-1",
    "0x5",
    "5, 5",
    "5,5",
    "5, 6",
    "5 5",
    "005",
    "5.0",
    "5e0",
    "",
    " 5",
    "5\t",
    "5 ",
    "5;",
    "'5'",
    "5\u0000",
    "\u00a05",
    "\u000b5",
  ],
  ...[
    "99999999999999999999",
    "18446744073709551616",
    "18446744073709551621",
    "9007199254740993",
    "4294967301",
    "-0",
    "5\n",
    "5\r",
    "\r\n 5",
    "NaN",
    "infinity",
  ],
];

/** Lines about where the body ends: each alone may be right, and together they contradict each other. */
const framingLine = fc.oneof(
  { arbitrary: fc.constantFrom("Transfer-Encoding: chunked", "Content-Length: 5", "Content-Length: 0"), weight: 5 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...names("Transfer-Encoding")), fc.constantFrom(...CODINGS))
      .map(([name, value]) => `${name}: ${value}`),
    weight: 4,
  },
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...names("Content-Length")), fc.constantFrom(...LENGTHS))
      .map(([name, value]) => `${name}: ${value}`),
    weight: 4,
  },
  {
    arbitrary: fc.constantFrom(
      "Connection: content-length",
      "Connection: transfer-encoding",
      "Connection: close, Content-Length",
      "TE: trailers, chunked",
    ),
    weight: 1,
  },
  {
    arbitrary: fc.constantFrom(
      "Expect: 100-continue",
      "Expect: 100-Continue, x",
      "Upgrade: h2c",
      "Trailer: Content-Length",
      "Connection: Upgrade",
    ),
    weight: 1,
  },
  {
    arbitrary: fc.constantFrom(
      "X: a\u0000b",
      "X: a\rb",
      "X: a\nb",
      "X : y",
      "X",
      ": x",
      "X: y\r\n z",
      " folded",
      "X:\u0001",
      "X\u0000Y: z",
      "\u00e9: x",
      "X: \u00e9",
    ),
    weight: 1,
  },
);

/** Ends of lines: only the first is one. */
const lineEnd = fc.oneof(
  { arbitrary: fc.constant("\r\n"), weight: 30 },
  { arbitrary: fc.constantFrom("\n", "\r", "\r\r\n", "\n\r\n", "\u0000\r\n", " \r\n"), weight: 1 },
);

const chunkSize = fc.oneof(
  { arbitrary: fc.constant("5"), weight: 6 },
  {
    arbitrary: fc.constantFrom(
      ...[
        "05",
        "0x5",
        "+5",
        "-5",
        " 5",
        "5 ",
        "5\t",
        "5;x",
        "5;x=y",
        '5;x="\r\n"',
        "5;x\ny",
        "5;\n",
        "5\n",
        "5\r",
        "5 5",
        "5_0",
        "",
        "g",
        "fffffffffffffffff",
        "100000000000000005",
      ],
      ...[
        "ffffffff00000005",
        "80000000",
        "-1",
        "5\u0000",
        "5;\u0000",
        `5;${"x".repeat(20_000)}`,
        "0000000000000000000000000000005",
        "5;a=b;c",
        "5 ;a",
        "\u00a05",
      ],
    ),
    weight: 4,
  },
);
const chunkEnd = fc.oneof(
  { arbitrary: fc.constant("\r\n"), weight: 10 },
  { arbitrary: fc.constantFrom("\n", "\r", "", "xx", "\r\n\r\n", "x\r\n"), weight: 2 },
);
const lastChunk = fc.oneof(
  { arbitrary: fc.constant("0\r\n"), weight: 8 },
  {
    arbitrary: fc.constantFrom(
      "00\r\n",
      "0;x\r\n",
      "0\n",
      "0 \r\n",
      "-0\r\n",
      "0x0\r\n",
      "+0\r\n",
      "0\r",
      "0\r\n\n",
      "000000000000000000000\r\n",
      "0;\n\r\n",
    ),
    weight: 3,
  },
);
const trailer = fc.oneof(
  { arbitrary: fc.constant(""), weight: 8 },
  {
    arbitrary: fc.constantFrom(
      ...[
        "X: y\r\n",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Host: b\r\n",
        "Authorization: Bearer good\r\n",
        "X-Gatewright-Subject: forged\r\n",
      ],
      ...["X : y\r\n", "X\r\n", " x\r\n", "X: a\nb\r\n", "X: \u0000\r\n", "X: y\n"],
    ),
    weight: 3,
  },
);

const plainBody = fc.constantFrom("hello", "", "hell", "hello!", "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n");
const chunkedBody = fc
  .tuple(
    fc.array(fc.tuple(chunkSize, chunkEnd, chunkEnd), { maxLength: 2 }),
    lastChunk,
    trailer,
    fc.constantFrom("\r\n", "\r\n", "\r\n", "\n", "\r", ""),
  )
  .map(
    ([chunks, last, trailers, end]) =>
      `${chunks.map(([size, first, second]) => `${size}${first}hello${second}`).join("")}${last}${trailers}${end}`,
  );

/** The request line's method, what stands between its parts, and its version. */
const requestLine = (target: string) =>
  fc
    .tuple(
      fc.oneof(
        { arbitrary: fc.constant("POST"), weight: 8 },
        { arbitrary: fc.constantFrom("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"), weight: 3 },
      ),
      fc.oneof(
        { arbitrary: fc.constant(" "), weight: 30 },
        { arbitrary: fc.constantFrom("  ", "\t", "\u000b", " \u0000", "\r ", "\u00a0"), weight: 1 },
      ),
      fc.oneof(
        { arbitrary: fc.constant(" HTTP/1.1"), weight: 20 },
        {
          arbitrary: fc.constantFrom(
            " HTTP/1.0",
            "",
            " HTTP/0.9",
            " HTTP/2.0",
            " http/1.1",
            " HTTP/1.1 ",
            "\tHTTP/1.1",
            " HTTP/1.10",
            " HTTP/11",
            " HTTP/1.1\tx",
            " x HTTP/1.1",
          ),
          weight: 3,
        },
      ),
    )
    .map(([method, gap, version]) => `${method}${gap}${target}${version}`);

/**
 * Messages whose end two readers may see in different places, for `target`, followed by a second request that only one of
 * them would see.
 */
export function ambiguousMessages(target: string, second: string): fc.Arbitrary<string> {
  return fc
    .tuple(
      requestLine(target),
      fc.array(fc.tuple(framingLine, lineEnd), { minLength: 1, maxLength: 4 }),
      fc.oneof(plainBody, chunkedBody, chunkedBody),
      fc.constantFrom(second, second, `x${second}`, second.slice(0, -2), ""),
      fc.tuple(lineEnd, lineEnd, lineEnd),
    )
    .map(([line, headers, body, after, [first, host, end]]) => {
      const head = headers.map(([text, lineEnding]) => `${text}${lineEnding}`).join("");
      return `${line}${first}Host: a${host}${head}${end}${body}${after}`;
    });
}
