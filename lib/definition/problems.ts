import type { z } from "zod";

/** A validation error with its path, for example `flows[0].request[1].config.limit`. */
export interface Problem {
  path: string;
  message: string;
}

/** Longer than any valid key or value; clients' keys are repeated in responses. */
const SHOWN_MAX = 200;
const PATH_MAX = 2000;
const MESSAGE_MAX = 2000;

/** Shortens a client's text for a message without splitting a surrogate pair. */
const shown = (text: string, max = SHOWN_MAX): string => (text.length > max ? `${text.slice(0, max).toWellFormed()}…` : text);

/**
 * Formats a path, for example `flows[0].request[1].config.limit`. Long keys and paths are shortened, because many problems may
 * repeat them.
 */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) {
    if (text.length > PATH_MAX) return `${text}…`;
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? shown(String(part)) : `.${shown(String(part))}`;
  }
  return text;
}

const KEYS_MAX = 10_000;

/** Converts zod's issues to problems with actionable messages. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => fromIssue(issue, [])).map(({ path, message }) => ({ path, message: shown(message, MESSAGE_MAX) }));
}

function fromIssue(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): Problem[] {
  const path = [...prefix, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      // A body of 5 MB can have a million keys.
      return issue.keys.slice(0, KEYS_MAX).map((key) => ({
        path: formatPath([...path, key]),
        message: `Unknown field ${shown(key)}. Remove it or correct its name.`,
      }));
    case "invalid_union": {
      const options = "options" in issue && Array.isArray(issue.options) ? issue.options : undefined;
      if (issue.discriminator !== undefined) {
        const key = String(issue.discriminator);
        const known = options?.map(String).join(", ");
        return [{ path: formatPath(path), message: `Unknown ${key}${known ? `. Choose one of ${known}` : ""}.` }];
      }
      return [{ path: formatPath(path), message: issue.message }];
    }
    case "invalid_key":
      // The key is the last part of the path.
      return issue.issues.map((inner) => ({ path: formatPath(path), message: inner.message }));
    case "invalid_type":
      if (issue.input === undefined)
        return [{ path: formatPath(path), message: isDefaultMessage(issue.message) ? "This is required." : issue.message }];
      return [
        { path: formatPath(path), message: isDefaultMessage(issue.message) ? `Expected ${article(issue.expected)}.` : issue.message },
      ];
    case "invalid_value":
      return [
        {
          path: formatPath(path),
          message: isDefaultMessage(issue.message) ? `Choose one of: ${issue.values.map(String).join(", ")}.` : issue.message,
        },
      ];
    default:
      return [{ path: formatPath(path), message: issue.message }];
  }
}

const isDefaultMessage = (message: string) => message.startsWith("Invalid ");

function article(expected: string): string {
  const names: Record<string, string> = {
    string: "text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    record: "an object",
  };
  return names[expected] ?? expected;
}
