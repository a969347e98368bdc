import type { Problem } from "@/lib/definition/problems";
import type { ApplicationView } from "@/lib/management/contract/authorization";

/** How an application proves who it is, while it is being edited. */
export interface AuthenticationDraft {
  method: ApplicationView["authentication"];
  /** Where the public keys of `private_key_jwt` come from. */
  keysFrom: "text" | "url";
  keysText: string;
  keysUrl: string;
}

/** A public key set (RFC 7517), as the management API takes it. */
export interface KeySet {
  [member: string]: unknown;
  keys: { [member: string]: unknown; kty: string }[];
}

/** What is sent of a draft. */
export interface AuthenticationBody {
  authentication: ApplicationView["authentication"];
  jwks: KeySet | null;
  jwksUri: string | null;
}

/** The draft of a new application: a client secret, by Basic or in the body. */
export const newAuthentication: AuthenticationDraft = { method: "client_secret", keysFrom: "text", keysText: "", keysUrl: "" };

/** The draft of what an application has. */
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

/** Reads a pasted key set; a single key is taken for a set of one. What the keys are worth is for the management API to say. */
export function readKeySet(text: string): { keySet: KeySet } | { problem: string } {
  if (text.trim() === "") return { problem: "Paste the application's public keys, as a JSON Web Key Set." };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (/-----BEGIN/.test(text)) return { problem: "This is PEM. Paste the keys as a JSON Web Key Set." };
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : "it does not parse"}.` };
  }
  if (isKey(value)) return { keySet: { keys: [value] } };
  if (!isObject(value) || !Array.isArray(value.keys)) return { problem: 'A key set is an object with a list of keys: {"keys": [ … ]}.' };
  const { keys } = value;
  return keys.every(isKey) ? { keySet: { ...value, keys } } : { problem: "Each key is an object that names its type, kty." };
}

/** What is sent for a draft, or what is wrong with it, by the path of the body. */
export function authenticationBody(draft: AuthenticationDraft): { body: AuthenticationBody } | { problems: Problem[] } {
  const { method } = draft;
  if (method !== "private_key_jwt") return { body: { authentication: method, jwks: null, jwksUri: null } };
  if (draft.keysFrom === "url") {
    const jwksUri = draft.keysUrl.trim();
    return jwksUri === ""
      ? { problems: [{ path: "jwksUri", message: "Give the URL of its key set, for example https://client.example/jwks.json." }] }
      : { body: { authentication: method, jwks: null, jwksUri } };
  }
  const read = readKeySet(draft.keysText);
  return "problem" in read
    ? { problems: [{ path: "jwks", message: read.problem }] }
    : { body: { authentication: method, jwks: read.keySet, jwksUri: null } };
}

/** Whether a problem of the management API belongs to the fields of the authentication. */
export const isAuthenticationProblem = ({ path }: Problem): boolean => /^(authentication|jwks|jwksUri)(\.|\[|$)/.test(path);
