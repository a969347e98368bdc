import { z } from "zod";
import { METHODS } from "@/lib/definition/schema";
import { emptyInput, type RequestInput } from "./request-input";

const savedSchema = z.object({
  method: z.enum(METHODS),
  path: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  contentType: z.string(),
  body: z.string(),
  tokenSource: z.enum(["none", "application", "paste"]),
  applicationId: z.string().nullable(),
  scopes: z.array(z.string()),
});

/** Headers whose values are credentials: their names are remembered, their values are not. */
const isCredential = (name: string) => /^(authorization|proxy-authorization|cookie)$|api-?key|secret|token/i.test(name.trim());

/** Bodies above this are not remembered, so that the browser's store is not filled by one of them. */
const BODY_LENGTH_MAX = 100_000;

/** What is remembered of a call within the browser's tab. Never a credential. */
export function serializeInput(input: RequestInput): string {
  const headers = input.headers.map(({ name, value }) => ({ name, value: isCredential(name) ? "" : value }));
  return JSON.stringify({ ...input, headers, body: input.body.length > BODY_LENGTH_MAX ? "" : input.body });
}

/** Reads what was remembered; anything that it does not understand means to start anew. */
export function parseInput(text: string | null): RequestInput {
  if (text === null) return emptyInput;
  try {
    const saved = savedSchema.parse(JSON.parse(text));
    return { ...saved, headers: saved.headers.map((header, index) => ({ key: `saved-${index}`, ...header })) };
  } catch {
    return emptyInput;
  }
}

const keyOf = (apiId: string) => `gatewright:try-it:${apiId}`;

/** Reads the last call of an API; a browser that denies its store has none. */
export function loadInput(apiId: string): RequestInput {
  try {
    return parseInput(sessionStorage.getItem(keyOf(apiId)));
  } catch {
    return emptyInput;
  }
}

/** Remembers a call until the tab is closed. */
export function saveInput(apiId: string, input: RequestInput): void {
  try {
    sessionStorage.setItem(keyOf(apiId), serializeInput(input));
  } catch {
    // A full or denied store costs the convenience only.
  }
}
