import type { Problem } from "@/lib/definition/problems";
import type { ApplicationView } from "@/lib/management/contract/authorization";

/** The client authentication of an application while it's edited. */
export interface AuthenticationDraft {
  method: ApplicationView["authentication"];
  /** Where the public keys of `private_key_jwt` come from. */
  keysFrom: "text" | "url";
  keysText: string;
  keysUrl: string;
}

/** A public key set (RFC 7517), as the management API accepts it. */
export interface KeySet {
  [member: string]: unknown;
  keys: { [member: string]: unknown; kty: string }[];
}

/** The request body of a draft. */
export interface AuthenticationBody {
  authentication: ApplicationView["authentication"];
  jwks: KeySet | null;
  jwksUri: string | null;
}

/** The draft of a new application: client secret, Basic or body. */
export const newAuthentication: AuthenticationDraft = { method: "client_secret", keysFrom: "text", keysText: "", keysUrl: "" };

/** Creates a draft from an application's settings. */
export function authenticationDraft(application: Pick<ApplicationView, "authentication" | "jwks" | "jwksUri">): AuthenticationDraft {
  return {
    method: application.authentication,
    keysFrom: application.jwksUri === null ? "text" : "url",
    keysText: application.jwks === null ? "" : JSON.stringify(application.jwks, undefined, 2),
    keysUrl: application.jwksUri ?? "",
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isKey = (value: unknown): value is KeySet["keys"][number] => isObject(value) && typeof value.kty === "string";

/** Parses a pasted key set; a single key counts as a set of one. The management API validates the keys. */
export function readKeySet(text: string): { keySet: KeySet } | { problem: string } {
  if (text.trim() === "") return { problem: "Paste the application's public keys, as a JSON Web Key Set." };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (/-----BEGIN/.test(text)) return { problem: "These are PEM keys. Paste a JSON Web Key Set." };
    return { problem: `Invalid JSON: ${error instanceof Error ? error.message : "it can't be parsed"}.` };
  }
  if (isKey(value)) return { keySet: { keys: [value] } };
  if (!isObject(value) || !Array.isArray(value.keys)) return { problem: 'Expected an object with a list of keys: {"keys": [ … ]}.' };
  const { keys } = value;
  return keys.every(isKey) ? { keySet: { ...value, keys } } : { problem: "Each key must be an object with a key type (kty)." };
}

/** Returns a draft's request body, or its problems by body path. */
export function authenticationBody(draft: AuthenticationDraft): { body: AuthenticationBody } | { problems: Problem[] } {
  const { method } = draft;
  if (method !== "private_key_jwt") return { body: { authentication: method, jwks: null, jwksUri: null } };
  if (draft.keysFrom === "url") {
    const jwksUri = draft.keysUrl.trim();
    return jwksUri === ""
      ? { problems: [{ path: "jwksUri", message: "Enter the key set URL, for example https://client.example/jwks.json." }] }
      : { body: { authentication: method, jwks: null, jwksUri } };
  }
  const read = readKeySet(draft.keysText);
  return "problem" in read
    ? { problems: [{ path: "jwks", message: read.problem }] }
    : { body: { authentication: method, jwks: read.keySet, jwksUri: null } };
}

/** Returns whether a management API problem belongs to an authentication field. */
export const isAuthenticationProblem = ({ path }: Problem): boolean => /^(authentication|jwks|jwksUri)(\.|\[|$)/.test(path);
