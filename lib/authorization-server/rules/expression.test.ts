import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression } from "./expression";
import { ExpressionError } from "./expression-inspection";

const INPUT = {
  client: { id: "client_1", name: "Shop", environment: "sandbox" },
  scopes: ["orders:read", "orders:write"],
  server: { id: "default", name: "Default", audience: "api://default", issuer: "https://idp.example/oauth2/default" },
};
const run = (source: string) => compileExpression(source)(INPUT);

describe("an expression", () => {
  test.each([
    ["client.name + '@' + server.id", "Shop@default"],
    ["scopes", ["orders:read", "orders:write"]],
    ["client", INPUT.client],
    ["scopes.filter(s, s.endsWith(':write')).map(s, s.size())", [12]],
    ["size(scopes) * 2", 4],
    ["1.5", 1.5],
    ["2u", 2],
    ["client.environment == 'sandbox' ? null : true", null],
    ["{'a': [1, {'b': 'c'}], '__proto__': 1}['a']", [1, { b: "c" }]],
    ["has(client.id)", true],
    ["type(scopes) == list", true],
    ["'aaaa!'.matches('^(a+)+$')", false],
    ["1 + 1", 2],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ])("%s has its value in JSON", (source, expected) => {
    expect(run(source)).toEqual(expected);
  });

  test.each([
    ["scopes[7]"],
    ["1 / 0"],
    ["9223372036854775807 + 1"],
    ["9007199254740992"],
    ["b'bytes'"],
    ["timestamp('2020-01-01T00:00:00Z')"],
    ["{1: 'a'}"],
    ["{'__proto__': {'polluted': true}}"],
    ["double('NaN')"],
    ["type(1)"],
    ["nothing()"],
    ["client['constructor']"],
    ["scopes[0].constructor"],
    ["'a'.matches('(')"],
  ])("%s has no result and throws", (source) => {
    expect(() => run(source)).toThrow(ExpressionError);
  });

  test.each([
    ["(", "Syntax error at line 1, column 2."],
    ["client.\nname +", "Syntax error at line 2, column 6."],
    ["user.name", "Unknown variable user. Use client, scopes or server."],
    ["__proto__", "Unknown variable __proto__. Use client, scopes or server."],
    ["constructor", "Unknown variable constructor. Use client, scopes or server."],
    ["client.secret", "client has no field secret. Fields: id, name, environment."],
    ["s + scopes.map(s, s)[0]", "Unknown variable s. Use client, scopes or server."],
    [`'${"a".repeat(2000)}'`, "The expression is longer than 2000 characters."],
    ["scopes.map(a, scopes.map(b, scopes.map(c, c)))", "An expression can have at most 8 loops, nested at most 2 deep."],
    [`scopes${".map(x, x + x)".repeat(9)}`, "An expression can have at most 8 loops, nested at most 2 deep."],
  ])("%s is rejected before it runs", (source, message) => {
    expect(() => compileExpression(source)).toThrow(message);
  });

  test.each([
    ["a text that doubles", `scopes${`.map(x, x${" + x".repeat(30)})`.repeat(8)}`],
    ["a list that doubles", `[scopes]${`.map(x, x${" + x".repeat(30)})`.repeat(8)}`],
    ["a list that holds itself many times", `[scopes]${`.map(x, [x${", x".repeat(30)}])`.repeat(8)}`],
    ["bytes that double", `[b'abc']${`.map(x, x${" + x".repeat(30)})`.repeat(8)}`],
  ])("fails for %s", (_what, source) => {
    expect(() => run(source)).toThrow(ExpressionError);
  });

  const zeros = (count: number) => `[${"0,".repeat(count - 1)}0]`;
  const hours = (zone: string) => `timestamp('2026-01-01T00:00:00Z').getHours(${zone})`;
  const pairs = `[[[1],[1]]]${`.map(p, [[${"p[0],".repeat(18)}1],[${"p[1],".repeat(18)}1]])`.repeat(7)}`;
  test.each([
    ["a large regular expression", `(client.name + '${"a".repeat(900)}').matches('(${"[a-z]{1000}|".repeat(60)}b)')`],
    ["a regular expression that repeats repetitions", `client.name.matches('${"((a{10}){10}){10}".repeat(100)}')`],
    ["a regular expression that hides them in quotes", `client.name.matches('${"((a{10})\\\\Q\\\\E{10}){10}".repeat(60)}')`],
    ["regular expressions in loops", "scopes.all(a, scopes.all(b, !server.issuer.matches('(a|b)*(c|d)*z')))"],
    ["lists that are large by holding others often", `${pairs}.all(p, p[0] == p[1])`],
    ["the same by !=", `!${pairs}.exists(p, p[0] != p[1])`],
    ["the same by in", `${pairs}.all(p, p[0] in [p[1]])`],
    ["many loops", `${zeros(450)}.all(a, ${zeros(450)}.all(b, true))`],
    ["time zones in loops", `${zeros(120)}.all(a, ${zeros(120)}.all(b, ${hours("'Asia/Tokyo'")} + ${hours("'UTC'")} > 0))`],
    ["times in loops", `${zeros(120)}.all(a, ${zeros(120)}.all(b, ${hours("")} >= 0))`],
    ["a long text in loops", `scopes.all(a, scopes.all(b, size(${"server.issuer + ".repeat(60)}a) > 0))`],
  ])("stops early: %s", (_what, source) => {
    const scopes = Array.from({ length: 100 }, (_, index) => `scope:${index}`);
    expect(() => compileExpression(source)({ ...INPUT, scopes })).toThrow(/run too many times|exceeds the work limit/);
  });

  test.each([
    ["scopes.filter(s, ['orders:', 'stock:'].exists(p, s.startsWith(p))).size()", 100],
    ["scopes.all(s, s.matches('^[a-z]+:[a-z0-9]{1,10}$'))", true],
    ["scopes.exists(s, s.contains(client.environment))", false],
    ["client.id.matches('^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')", false],
    ["scopes.all(a, scopes.exists(b, a == b))", true],
    [`scopes.all(s, ${hours("")} == 0) && ${hours("'Asia/Tokyo'")} == 9`, true],
    ["bytes('abc') == b'abc' && bytes('abc') != b'abd' && b'a' < b'b' && int('7') + int(1.5) == 8", true],
    ["'orders:7' in scopes && scopes == scopes.map(s, s) && [1, 2.0] == [1.0, 2] && 1 != 2", true],
  ])("allows realistic expressions: %s", (source, expected) => {
    const scopes = Array.from({ length: 100 }, (_, index) => `orders:${index}`);
    expect(compileExpression(source)({ ...INPUT, scopes })).toEqual(expected);
  });

  test("never fails with anything but ExpressionError", () => {
    const parts = [
      "client",
      "scopes",
      "server",
      ".name",
      ".map(x, x)",
      "[0]",
      "+",
      "?",
      ":",
      "(",
      ")",
      "'a'",
      "1",
      "!",
      "&&",
      "{",
      "}",
      " ",
    ];
    const sources = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((list) => list.join("")),
    );
    fc.assert(
      fc.property(sources, (source) => {
        try {
          JSON.stringify(run(source));
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("may be nested up to its maximum length", () => {
    expect(() => compileExpression(`${"(".repeat(900)}1${")".repeat(900)}`)).not.toThrow(RangeError);
  });
});
