import { canonicalJson } from "@/lib/definition/canonical";
import type { Problem } from "@/lib/definition/problems";
import type { Field } from "./fields";

export type FormValue = Record<string, unknown>;

/** Returns whether a value is an object, not an array. */
export function isFormValue(value: unknown): value is FormValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a field's value or default. */
export function effectiveValue(field: Field, value: FormValue): unknown {
  const own = value[field.key];
  return own === undefined ? field.defaultValue : own;
}

/**
 * Returns the value with one field changed; preserves unknown keys. Undefined removes the key. Clearing a text removes
 * an optional field, unless "" is a valid value.
 */
export function withField(field: Field, value: FormValue, next: unknown): FormValue {
  const removed = next === undefined || (next === "" && (field.kind === "secret" || (field.isOptional && !field.emptyIsValue)));
  if (!removed) return { ...value, [field.key]: next };
  const { [field.key]: _, ...rest } = value;
  return rest;
}

/** Returns whether a field is visible, given its siblings' values. */
export function isVisible(field: Field, siblings: readonly Field[], value: FormValue): boolean {
  const { showIf } = field;
  if (!showIf) return true;
  const other = siblings.find((sibling) => sibling.key === showIf.field);
  return (other ? effectiveValue(other, value) : value[showIf.field]) === showIf.equals;
}

/** Returns whether a field differs from its default. */
export function isChanged(field: Field, value: FormValue): boolean {
  const own = value[field.key];
  return own !== undefined && canonicalJson(own) !== canonicalJson(field.defaultValue);
}

/** Returns a field's path from its form's path: `flows[0].request[1].config.limit`. */
export function fieldPath(basePath: string, key: string): string {
  return basePath === "" ? key : `${basePath}.${key}`;
}

function isAtOrBelow(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}.`) || path.startsWith(`${base}[`);
}

/** Returns the problems at or below a path. */
export function problemsAt(problems: readonly Problem[], path: string): Problem[] {
  return problems.filter((problem) => isAtOrBelow(problem.path, path));
}

/** Joins the distinct messages at or below a path. */
export function messageAt(problems: readonly Problem[], path: string): string | undefined {
  const messages = new Set(problemsAt(problems, path).map((problem) => problem.message));
  return messages.size > 0 ? [...messages].join(" ") : undefined;
}

/** Returns the indexes of a list's invalid entries. */
export function invalidIndexes(problems: readonly Problem[], path: string): number[] {
  const indexes = problemsAt(problems, path).flatMap((problem) => {
    const index = /^\[(\d+)\]/.exec(problem.path.slice(path.length))?.[1];
    return index === undefined ? [] : [Number(index)];
  });
  return [...new Set(indexes)];
}

/** Returns the problems below a form's path that no visible field shows. */
export function strayProblems(problems: readonly Problem[], basePath: string, shown: readonly Field[]): Problem[] {
  const paths = shown.map((field) => fieldPath(basePath, field.key));
  return problemsAt(problems, basePath).filter((problem) => !paths.some((path) => isAtOrBelow(problem.path, path)));
}
