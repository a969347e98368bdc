import type { RefObject } from "react";
import { firstParameter, type NamedOperation } from "@/components/openapi/operation-words";
import { METHODS } from "@/lib/definition/schema";
import type { RequestInput } from "./request-input";

/** Time until a closing menu restores the focus. */
const MENU_GONE_MS = 180;

/** Returns the input of a selected operation. A wildcard method keeps the current method. */
export function inputOf({ method, path }: NamedOperation): Partial<RequestInput> {
  const listed = METHODS.find((name) => name === method);
  return listed ? { method: listed, path } : { path };
}

/** Focuses the path and selects its first parameter. */
export function selectFirstParameter(input: RefObject<HTMLInputElement | null>, path: string): void {
  setTimeout(() => {
    const field = input.current;
    if (!field) return;
    field.focus();
    const parameter = firstParameter(field.value);
    if (field.value === path && parameter) field.setSelectionRange(parameter.start, parameter.end);
  }, MENU_GONE_MS);
}
