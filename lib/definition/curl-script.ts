import { callsOf, type ExportedApi, type ExportedOperation, encodedSegment, READING_METHODS } from "./exported-api";
import { segmentOf, writtenSegments } from "./path-segments";

/** Quotes a word for the shell (POSIX, Shell Command Language, 2.2.2). */
const quoted = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`;

/** Writes a one-line comment; line breaks in user text are removed. */
const comment = (text: string) => `# ${text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim()}`;

/** A variable with a default. */
const setting = (name: string, value: string) => `[ -n "\${${name}:-}" ] || ${name}=${quoted(value)}`;

const TOKEN = [
  "",
  `: "\${CLIENT_ID:?Set CLIENT_ID to the client ID of an application}"`,
  `: "\${CLIENT_SECRET:?Set CLIENT_SECRET to its client secret}"`,
  `: "\${TOKEN_URL:?Set TOKEN_URL to the token endpoint of the authorization server}"`,
  "",
  "# Credentials are passed to curl on standard input, because the process list shows arguments.",
  `escape() { printf '%s' "$1" | sed 's/[\\\\"]/\\\\&/g'; }`,
  "",
  "set -- --data grant_type=client_credentials",
  '[ -z "$SCOPE" ] || set -- "$@" --data-urlencode "scope=$SCOPE"',
  `ANSWER=$(printf 'user = "%s:%s"\\n' "$(escape "$CLIENT_ID")" "$(escape "$CLIENT_SECRET")" | curl -sS -K - "$@" "$TOKEN_URL")`,
  `TOKEN=$(printf '%s' "$ANSWER" | tr -d '\\n' | sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')`,
  `[ -n "$TOKEN" ] || { printf 'No token: %s\\n' "$ANSWER" >&2; exit 1; }`,
];

const CALL = [
  "",
  "# Calls one operation: call <method> <token or anonymous> <path>. Operations that may change data need WRITE=1.",
  "call() {",
  "  METHOD=$1 WITH=$2 URL=$HOST$3",
  `  printf '\\n%s %s\\n' "$METHOD" "$URL"`,
  "  case $METHOD in",
  "    HEAD) set -- --head ;;",
  `    ${READING_METHODS.filter((method) => method !== "HEAD").join("|")}) set -- -i -X "$METHOD" ;;`,
  `    *) [ "\${WRITE:-}" = 1 ] || { echo 'Skipped: set WRITE=1 to call it.'; return 0; }`,
  `       set -- -i -X "$METHOD"`,
  `       [ "$METHOD" = DELETE ] || set -- "$@" -H 'Content-Type: application/json' --data-raw "$BODY" ;;`,
  "  esac",
  "  case $WITH in",
  `    token) printf 'header = "Authorization: Bearer %s"\\n' "$TOKEN" | curl -sS -g -K - "$@" "$URL" ;;`,
  `    *) curl -sS -g "$@" "$URL" ;;`,
  "  esac",
  "  echo",
  "}",
  "",
];

const parameterVariable = (name: string) => `PARAM_${name}`;

/** A path segment as a shell word. */
function segmentWord(text: string): string {
  const { parameter, literal } = segmentOf(text);
  const rest = literal === "" ? "" : encodedSegment(literal);
  if (parameter === null) return quoted(`/${rest}`);
  return `/"$${parameterVariable(parameter)}"${rest === "" ? "" : quoted(rest)}`;
}

function callLines({ method, path, summary, needsToken }: ExportedOperation): string[] {
  const words = writtenSegments(path).map(segmentWord);
  const line = `call ${method} ${needsToken ? "token" : "anonymous"} ${words.join("") || "''"}`;
  return summary ? [comment(summary), line] : [line];
}

/**
 * Writes a shell script (POSIX sh and curl) that gets a token and calls every operation. Credentials come from the environment.
 * Operations that may change data are skipped by default.
 */
export function writeCurlScript(api: ExportedApi, needsToken: boolean): string {
  const calls = callsOf(api.operations, needsToken);
  const asksForToken = calls.some((call) => call.needsToken);
  const parameters = new Set(
    calls.flatMap(({ path }) =>
      writtenSegments(path).flatMap((segment) => {
        const { parameter } = segmentOf(segment);
        return parameter === null ? [] : [parameterVariable(parameter)];
      }),
    ),
  );
  const lines = [
    "#!/bin/sh",
    comment(`${api.name} ${api.version}: gets a token and calls every operation.`),
    ...(asksForToken ? ["# CLIENT_ID=… CLIENT_SECRET=… sh this-file.sh"] : []),
    "set -eu",
    "",
    setting("HOST", api.url),
    ...(asksForToken ? [setting("TOKEN_URL", api.tokenUrl), `[ -n "\${SCOPE+set}" ] || SCOPE=${quoted(api.scope)}`] : []),
    ...[...parameters].sort().map((name) => setting(name, "1")),
    ...(calls.some(({ method }) => !READING_METHODS.includes(method)) ? [setting("BODY", "{}")] : []),
    ...(asksForToken ? TOKEN : []),
    ...CALL,
    ...calls.flatMap(callLines),
  ];
  return `${lines.join("\n")}\n`;
}
