const TARGET = { file: "lib/gateway/http/target.ts", test: "lib/gateway/http/target.test.ts" };
const NAMES = { file: "lib/definition/header-names.ts", test: "lib/definition/header-names.test.ts" };
const CALLER = { file: "lib/gateway/http/caller-headers.ts", test: "lib/gateway/http/forwarding.test.ts" };
const FORWARDING = { file: "lib/gateway/http/forwarding.ts", test: "lib/gateway/behavior/hygiene.test.ts" };
const MATCHER = { file: "lib/definition/flow-matcher.ts", test: "lib/definition/flow-matcher.test.ts" };
const STEPS = { file: "lib/gateway/pipeline/steps.ts", test: "lib/gateway/pipeline/steps.test.ts" };

/** Faults in what becomes of a request before a token is looked at. @type {import("./mutant.mjs").Mutant[]} */
export const REQUEST_MUTANTS = [
  { ...TARGET, fault: "backslashes pass", from: 'if (segment.includes("\\\\")) return', to: 'if (segment.includes("\\\\\\\\")) return' },
  { ...TARGET, fault: "control characters pass", from: "if (hasControl(segment)) return", to: 'if (segment === "\\0") return' },
  { ...TARGET, fault: "empty segments pass", from: 'if (segment === "") return', to: 'if (segment === "\\0") return' },
  { ...TARGET, fault: "segments that end in a dot pass", from: "if (last === 0x2e || last === 0x20)", to: "if (last === 0x20)" },
  { ...TARGET, fault: "what is encoded twice is looked at once", from: "if (!ESCAPE.test(decoded)) break;", to: "break;" },
  {
    ...TARGET,
    fault: "what is encoded twice runs the flows of one reading",
    from: "if (target.encodedTwice) readings.push(segments.map(fullyDecoded));",
    to: "",
  },
  {
    ...NAMES,
    fault: "a client writes an identity header with other punctuation",
    from: 'squeezed.startsWith("x") && squeezed.replaceAll("-", "").startsWith("xgatewright")',
    to: 'squeezed.startsWith("x-gatewright-")',
  },
  {
    ...NAMES,
    fault: "header names with underscores pass without being allowed",
    from: "/^[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*$/",
    to: "/^[A-Za-z0-9_-]*[A-Za-z0-9][A-Za-z0-9_-]*$/",
  },
  { ...NAMES, fault: "a client overrides the method", from: ', "x-http-method-override"]', to: "]" },
  {
    ...NAMES,
    fault: "another spelling of Authorization passes",
    from: "return ESSENTIAL.has(squeezed) &&",
    to: "return ESSENTIAL.has(name) &&",
  },
  {
    ...CALLER,
    fault: "of several Authorization headers the last one counts",
    from: "if (result.authorization !== null) result.problem =",
    to: "if (result.authorization === value) result.problem =",
  },
  {
    ...CALLER,
    test: "lib/gateway/behavior/forwarding.test.ts",
    fault: "a coding below the chunks passes",
    from: 'value.trim().toLowerCase() !== "chunked"',
    to: '!value.toLowerCase().includes("chunked")',
  },
  {
    ...CALLER,
    test: "lib/gateway/bypass-tests/headers.test.ts",
    fault: "Connection spares the host its check",
    from: "if (dropped?.has(folded) && !FRAMING.has(action)) continue;",
    to: "if (dropped?.has(folded)) continue;",
  },
  {
    file: "lib/gateway/http/cookies.ts",
    test: "lib/gateway/http/forwarding.test.ts",
    fault: "the console's session cookie reaches a backend",
    from: '!isConsoleCookie(pair.split("=", 1)[0] ?? ""));\n  const text',
    to: 'pair !== "");\n  const text',
  },
  {
    ...FORWARDING,
    test: "lib/gateway/behavior/forwarding.test.ts",
    fault: "X-Forwarded-For of anyone is carried on",
    from: "trusted && caller.forwardedFor !== null ?",
    to: "caller.forwardedFor !== null ?",
  },
  {
    ...FORWARDING,
    test: "lib/gateway/behavior/addresses.test.ts",
    fault: "anyone names the path that was cut",
    from: "trusted ? caller.forwardedPrefix : null",
    to: "caller.forwardedPrefix",
  },
  {
    ...MATCHER,
    fault: "HEAD passes by what guards GET",
    from: 'new Set(listed.includes("GET") ? [...listed, "HEAD"] : listed)',
    to: "new Set(listed)",
  },
  {
    ...MATCHER,
    fault: "a path in another case passes by its flows",
    from: "if (differsInCaseOnly(path)) return null;",
    to: "",
  },
  {
    ...MATCHER,
    fault: "the flows of the first reading of a path decide",
    from: "for (const path of readings) {",
    to: "for (const path of readings.slice(0, 1)) {",
  },
  {
    file: "lib/gateway/compile/router.ts",
    test: "lib/gateway/compile/router.test.ts",
    fault: "another case leads around a longer context path",
    from: 'foldCase(segments[index] ?? "")',
    to: '(segments[index] ?? "").toUpperCase()',
  },
  {
    ...STEPS,
    fault: "a step that throws lets the call pass",
    from: "} catch (error) {\n      return stop(index, failed(call, step, error, since));",
    to: "} catch (error) {\n      failed(call, step, error, since);",
  },
  {
    ...STEPS,
    fault: "a step that rejects lets the call pass",
    from: "(error: unknown) => stop(index, failed(call, step, error, since)),",
    to: "(error: unknown) => (failed(call, step, error, since), runSteps(steps, call, answer, index + 1)),",
  },
];
