import { isObject, jsonObject } from "@/lib/http-client/json";

/** Error text of a token endpoint, not yet redacted. */
export interface StatedError {
  /** Empty if absent. */
  code: string;
  description: string;
}

/** Lowercase member names without `_` and `-`: RFC 6749's first, then those of Okta, Apigee, Slack, WeChat, and others. */
const CODE_NAMES = ["error", "errorcode", "errcode", "errors", "fault"];
const DETAIL_CODE_NAMES = ["code", "type", "status", ...CODE_NAMES];
const DESCRIPTION_NAMES = [
  "errordescription",
  "errormessage",
  "errorsummary",
  "errmsg",
  "faultstring",
  "message",
  "msg",
  "detail",
  "description",
  "reason",
  "title",
];
/** Members that signal failure without an error code. */
const VERDICT_NAMES = ["ok", "success", "status", "result"];
const FAILED: ReadonlySet<unknown> = new Set([false, "false", "error", "fail", "failed", "failure"]);

type Fields = ReadonlyMap<string, unknown>;

const fieldsOf = (value: Readonly<Record<string, unknown>>): Fields =>
  new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase().replace(/[_-]/g, ""), member]));

/** Returns a string, or a number other than 0, the success value of numeric codes. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value.trim();
  return typeof value === "number" && value !== 0 ? String(value) : "";
}

const firstText = (fields: Fields, names: readonly string[]) => {
  for (const name of names) {
    const text = textOf(fields.get(name));
    if (text !== "") return text;
  }
  return "";
};

/** Parses an error given as an object or a list of objects. */
function nestedError(value: unknown): StatedError | null {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === "string" && first.trim() !== "") return { code: "", description: first.trim() };
  if (!isObject(first)) return null;
  const fields = fieldsOf(first);
  const stated = { code: firstText(fields, DETAIL_CODE_NAMES), description: firstText(fields, DESCRIPTION_NAMES) };
  return stated.code === "" && stated.description === "" ? null : stated;
}

function errorOf(value: Readonly<Record<string, unknown>>): StatedError | null {
  const fields = fieldsOf(value);
  const description = firstText(fields, DESCRIPTION_NAMES);
  const code = firstText(fields, CODE_NAMES);
  if (code !== "") return { code, description };
  for (const name of CODE_NAMES) {
    const nested = nestedError(fields.get(name));
    if (nested) return { code: nested.code, description: nested.description || description };
  }
  return VERDICT_NAMES.some((name) => FAILED.has(fields.get(name))) ? { code: "", description } : null;
}

/** Parses a form-encoded response, as some servers return even with `Accept: application/json`. */
const FORM = /^[\w.-]+=[^<>\s]*$/;

/**
 * Parses the error of a token response (RFC 6749, 5.2) with any status: some servers return errors with 200, in members of
 * their own. Null without an error.
 */
export function statedError(text: string): StatedError | null {
  const value = jsonObject(text) ?? (FORM.test(text.trim()) ? Object.fromEntries(new URLSearchParams(text.trim())) : null);
  return value === null ? null : errorOf(value);
}
