import { nestsTooDeeply } from "@/lib/http-client/json";
import { compileExpression, type Expression, type ExpressionInput } from "./expression";
import type { ClaimFacts, Json } from "./model";

/** Maximum size of one claim and of all claims together, in bytes of JSON. Tokens must fit a gateway's header limit. */
export const CLAIM_BYTES_MAX = 4096;
export const CLAIMS_BYTES_MAX = 8192;
/** How deep a claim may nest. Gateways reject tokens whose claims nest twice as deep. */
export const CLAIM_LEVELS_MAX = 50;

/** A claim without a valid value. The message is for the log; clients get the claim's name only. */
export class ClaimFailed extends Error {
  override name = "ClaimFailed";

  constructor(
    readonly claim: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`The claim ${claim}: ${reason}`, options);
  }
}

/** Matches a JSON escape of NUL or of half a surrogate pair, but not one whose backslash is escaped. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Whether Postgres can store the JSON. It rejects NUL and lone surrogates. */
export const isStorable = (json: string): boolean => !UNSTORABLE.test(json);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A stored expression that no longer compiles fails on use, so no token is issued without its claim. */
function expressionOf({ name, value }: ClaimFacts): Expression {
  try {
    return compileExpression(String(value));
  } catch (error) {
    return () => {
      throw new ClaimFailed(name, reasonOf(error), { cause: error });
    };
  }
}

export interface MadeClaim {
  /** The ID of the server's claim. */
  id: string;
  name: string;
  value: Json;
}

export type ClaimMaker = (input: ExpressionInput) => MadeClaim[];

/**
 * Compiles a server's claims once for all tokens.
 * @returns a function that makes the claims of one token and throws ClaimFailed when a claim has no value or is too large
 */
export function compileClaims(claims: readonly ClaimFacts[]): ClaimMaker {
  const compiled = claims.map((claim) => {
    const expression = claim.kind === "expression" ? expressionOf(claim) : () => claim.value;
    return { claim, expression };
  });
  return (input) => {
    let total = 0;
    const made: MadeClaim[] = [];
    for (const { claim, expression } of compiled) {
      if (claim.scopes.length > 0 && !claim.scopes.some((scope) => input.scopes.includes(scope))) continue;
      const value = evaluate(claim.name, expression, input);
      if (nestsTooDeeply(value, CLAIM_LEVELS_MAX)) throw new ClaimFailed(claim.name, `it nests deeper than ${CLAIM_LEVELS_MAX} levels.`);
      const json = JSON.stringify(value);
      if (!isStorable(json)) throw new ClaimFailed(claim.name, "it has a NUL character or half of a surrogate pair.");
      const bytes = Buffer.byteLength(json);
      if (bytes > CLAIM_BYTES_MAX) throw new ClaimFailed(claim.name, `it's larger than ${CLAIM_BYTES_MAX} bytes.`);
      total += bytes + Buffer.byteLength(claim.name);
      if (total > CLAIMS_BYTES_MAX) throw new ClaimFailed(claim.name, `all claims together are larger than ${CLAIMS_BYTES_MAX} bytes.`);
      made.push({ id: claim.id, name: claim.name, value });
    }
    return made;
  };
}

function evaluate(name: string, expression: Expression, input: ExpressionInput): Json {
  try {
    return expression(input);
  } catch (error) {
    throw error instanceof ClaimFailed ? error : new ClaimFailed(name, reasonOf(error), { cause: error });
  }
}
