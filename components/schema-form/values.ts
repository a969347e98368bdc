import { canonicalJson } from "@/lib/definition/canonical";
import type { Problem } from "@/lib/definition/problems";
import type { Field } from "./fields";

export type FormValue = Record<string, unknown>;

/** Whether a value is an object with keys, not a list. */
export function isFormValue(value: unknown): value is FormValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a field means now: its own value, or its default while it is absent. */
export function effectiveValue(field: Field, value: FormValue): unknown {
  const own = value[field.key];
  return own === undefined ? field.defaultValue : own;
}

/**
 * The value with one field changed; every other key stays, also those the form does not know.
 * Undefined removes the key. An emptied text is "" where that is a value or would be reported, and absent where the field is optional.
 */
export function withField(field: Field, value: FormValue, next: unknown): FormValue {
  const removed = next === undefined || (next === "" && (field.kind === "secret" || (field.isOptional && !field.emptyIsValue)));
  if (!removed) return { ...value, [field.key]: next };
  const { [field.key]: _, ...rest } = value;
  return rest;
}

/** Whether a field is to be shown beside its siblings' present values. */
export function isVisible(field: Field, siblings: readonly Field[], value: FormValue): boolean {
  const { showIf } = field;
  if (!showIf) return true;
  const other = siblings.find((sibling) => sibling.key === showIf.field);
  return (other ? effectiveValue(other, value) : value[showIf.field]) === showIf.equals;
}

/** Whether a field says something else than its default. */
export function isChanged(field: Field, value: FormValue): boolean {
  const own = value[field.key];
  return own !== undefined && canonicalJson(own) !== canonicalJson(field.defaultValue);
}

/** The path of a field below the path of its form: `flows[0].request[1].config.limit`. */
export function fieldPath(basePath: string, key: string): string {
  return basePath === "" ? key : `${basePath}.${key}`;
}

function isAtOrBelow(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}.`) || path.startsWith(`${base}[`);
}

/** The problems at a path or inside what stands there. */
export function problemsAt(problems: readonly Problem[], path: string): Problem[] {
  return problems.filter((problem) => isAtOrBelow(problem.path, path));
}

/** What to write below a field: its problems' messages, each once. */
export function messageAt(problems: readonly Problem[], path: string): string | undefined {
  const messages = new Set(problemsAt(problems, path).map((problem) => problem.message));
  return messages.size > 0 ? [...messages].join(" ") : undefined;
}

/** Which entries of the list at a path are wrong. */
export function invalidIndexes(problems: readonly Problem[], path: string): number[] {
  const indexes = problemsAt(problems, path).flatMap((problem) => {
    const index = /^\[(\d+)\]/.exec(problem.path.slice(path.length))?.[1];
    return index === undefined ? [] : [Number(index)];
  });
  return [...new Set(indexes)];
}

/** The problems below a form's path that none of its shown fields would show. */
export function strayProblems(problems: readonly Problem[], basePath: string, shown: readonly Field[]): Problem[] {
  const paths = shown.map((field) => fieldPath(basePath, field.key));
  return problemsAt(problems, basePath).filter((problem) => !paths.some((path) => isAtOrBelow(problem.path, path)));
}
