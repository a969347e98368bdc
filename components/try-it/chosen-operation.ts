import type { RefObject } from "react";
import { firstParameter, type NamedOperation } from "@/components/openapi/operation-words";
import { METHODS } from "@/lib/definition/schema";
import type { RequestInput } from "./request-input";

/** How long the menu takes to give the keyboard back. */
const MENU_GONE_MS = 180;

/** What choosing an operation fills in. Where it stands for several methods, the one that was chosen before stays. */
export function inputOf({ method, path }: NamedOperation): Partial<RequestInput> {
  const listed = METHODS.find((name) => name === method);
  return listed ? { method: listed, path } : { path };
}

/** Takes the keyboard to the path and selects its first parameter, to be typed over. */
export function selectFirstParameter(input: RefObject<HTMLInputElement | null>, path: string): void {
  setTimeout(() => {
    const field = input.current;
    if (!field) return;
    field.focus();
    const parameter = firstParameter(field.value);
    if (field.value === path && parameter) field.setSelectionRange(parameter.start, parameter.end);
  }, MENU_GONE_MS);
}
