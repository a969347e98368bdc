import { nestsTooDeeply } from "@/lib/http-client/json";
import { CLAIM_BYTES_MAX, CLAIM_LEVELS_MAX, isStorable } from "./claims";
import { compileExpression } from "./expression";

/** Names that the token itself, its introspection (RFC 7662 section 2.2) or Gatewright give a meaning to. */
const RESERVED = new Set(
  (
    "iss aud exp iat nbf jti sub client_id cid scope scp cnf environment ver uid auth_time acr amr azp act may_act sid nonce " +
    "authorization_details active token_type username __proto__"
  ).split(" "),
);

/** Members of every JavaScript object: libraries that read claims, oidc-provider among them, take them for the object's own parts. */
const isInherited = (name: string) => name in Object.prototype;

/** A claim as somebody writes it. */
export interface WrittenClaim {
  name: string;
  kind: "static" | "expression";
  value: unknown;
}

export interface ClaimProblem {
  path: "name" | "value";
  message: string;
}

const SAMPLE = {
  client: { id: "client_0", name: "Sample", environment: "production" },
  scopes: [],
  server: { id: "sample", name: "Sample", audience: "api://sample", issuer: "https://sample.example/oauth2/sample" },
};

/** A function that does not exist shows only when it is called; every other failure may depend on the token. */
function unknownFunction(message: string): string | null {
  const [, name] = /^unbound function: (.*)$/.exec(message) ?? [];
  return name === undefined ? null : `There is no function ${name}.`;
}

function expressionProblem(value: unknown): string | null {
  if (typeof value !== "string" || value.trim() === "") return "Give a CEL expression, for example client.environment.";
  try {
    const expression = compileExpression(value);
    try {
      expression(SAMPLE);
      return null;
    } catch (error) {
      return error instanceof Error ? unknownFunction(error.message) : null;
    }
  } catch (error) {
    return error instanceof Error ? error.message : "The expression cannot be used.";
  }
}

function staticProblem(value: unknown): string | null {
  const text = JSON.stringify(value);
  if (text === undefined) return "Give a value.";
  return Buffer.byteLength(text) > CLAIM_BYTES_MAX ? `A claim has at most ${CLAIM_BYTES_MAX} bytes.` : null;
}

/** What is wrong with a claim before any token is made with it; null when nothing is. */
export function claimProblem({ name, kind, value }: WrittenClaim): ClaimProblem | null {
  if (RESERVED.has(name)) return { path: "name", message: `${name} is reserved: the authorization server sets it itself.` };
  if (isInherited(name))
    return { path: "name", message: `No claim can be called ${name}: JavaScript gives it a meaning. Choose another name.` };
  if (nestsTooDeeply(value, CLAIM_LEVELS_MAX)) return { path: "value", message: `A claim nests at most ${CLAIM_LEVELS_MAX} levels.` };
  if (!isStorable(JSON.stringify(value) ?? ""))
    return { path: "value", message: "A claim has no NUL and no half of a surrogate pair in its texts." };
  const message = kind === "expression" ? expressionProblem(value) : staticProblem(value);
  return message === null ? null : { path: "value", message };
}
