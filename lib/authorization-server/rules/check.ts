import { nestsTooDeeply } from "@/lib/http-client/json";
import { CLAIM_BYTES_MAX, CLAIM_LEVELS_MAX, isStorable } from "./claims";
import { compileExpression } from "./expression";

/** Names with a meaning in tokens, introspection (RFC 7662, 2.2) or Gatewright. */
const RESERVED = new Set(
  (
    "iss aud exp iat nbf jti sub client_id cid scope scp cnf environment ver uid auth_time acr amr azp act may_act sid nonce " +
    "authorization_details active token_type username __proto__"
  ).split(" "),
);

/** Members of every JavaScript object, which libraries such as oidc-provider would confuse with claims. */
const isInherited = (name: string) => name in Object.prototype;

/** A claim before validation. */
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

/** Unknown functions show up only in evaluation; other failures may depend on the token. */
function unknownFunction(message: string): string | null {
  const [, name] = /^unbound function: (.*)$/.exec(message) ?? [];
  return name === undefined ? null : `Unknown function ${name}.`;
}

function expressionProblem(value: unknown): string | null {
  if (typeof value !== "string" || value.trim() === "") return "Enter a CEL expression, for example client.environment.";
  try {
    const expression = compileExpression(value);
    try {
      expression(SAMPLE);
      return null;
    } catch (error) {
      return error instanceof Error ? unknownFunction(error.message) : null;
    }
  } catch (error) {
    return error instanceof Error ? error.message : "The expression is invalid.";
  }
}

function staticProblem(value: unknown): string | null {
  const text = JSON.stringify(value);
  if (text === undefined) return "Enter a value.";
  return Buffer.byteLength(text) > CLAIM_BYTES_MAX ? `The value is larger than ${CLAIM_BYTES_MAX} bytes.` : null;
}

/** Validates a claim; null when it's valid. */
export function claimProblem({ name, kind, value }: WrittenClaim): ClaimProblem | null {
  if (RESERVED.has(name)) return { path: "name", message: `${name} is reserved: the authorization server sets it.` };
  if (isInherited(name))
    return { path: "name", message: `${name} is reserved: every JavaScript object has this member. Choose another name.` };
  if (nestsTooDeeply(value, CLAIM_LEVELS_MAX)) return { path: "value", message: `The value nests deeper than ${CLAIM_LEVELS_MAX} levels.` };
  if (!isStorable(JSON.stringify(value) ?? ""))
    return { path: "value", message: "The value has a NUL character or half of a surrogate pair." };
  const message = kind === "expression" ? expressionProblem(value) : staticProblem(value);
  return message === null ? null : { path: "value", message };
}
