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

/** Returns whether a header's value is a credential: its name is stored, its value isn't. */
const isCredential = (name: string) => /^(authorization|proxy-authorization|cookie)$|api-?key|secret|token/i.test(name.trim());

/** Longer bodies aren't stored: one must not fill the browser's storage. */
const BODY_LENGTH_MAX = 100_000;

/** Serializes a request for the tab's storage, without credentials. */
export function serializeInput(input: RequestInput): string {
  const headers = input.headers.map(({ name, value }) => ({ name, value: isCredential(name) ? "" : value }));
  return JSON.stringify({ ...input, headers, body: input.body.length > BODY_LENGTH_MAX ? "" : input.body });
}

/** Parses a stored request; returns an empty one if invalid. */
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

/** Loads an API's last request; an empty one without storage access. */
export function loadInput(apiId: string): RequestInput {
  try {
    return parseInput(sessionStorage.getItem(keyOf(apiId)));
  } catch {
    return emptyInput;
  }
}

/** Stores a request until the tab is closed. */
export function saveInput(apiId: string, input: RequestInput): void {
  try {
    sessionStorage.setItem(keyOf(apiId), serializeInput(input));
  } catch {
    // Storage is optional.
  }
}
