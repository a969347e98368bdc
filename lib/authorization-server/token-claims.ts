import type { ApplicationFacts } from "./clients";
import { type ClaimMaker, compileClaims } from "./rules/claims";
import type { Json } from "./rules/model";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";

/** Where a claim comes from that oidc-provider does not write itself. */
export interface ExtraClaim {
  name: string;
  value: Json;
  source: "application" | "okta" | "claim";
  /** The id of the server's claim; null for the others. */
  id: string | null;
}

const makers = new WeakMap<ServerRecord["claims"], ClaimMaker>();

/** A server's claims, compiled once for as long as they stay the same. */
function makerOf({ claims }: ServerRecord): ClaimMaker {
  const known = makers.get(claims) ?? compileClaims(claims);
  makers.set(claims, known);
  return known;
}

/** Okta's names for `client_id` and `scope`, for verifiers that look for them. */
function oktaClaims(application: ApplicationFacts, scopes: readonly string[]): ExtraClaim[] {
  const cid: ExtraClaim = { name: "cid", value: application.clientId, source: "okta", id: null };
  return scopes.length === 0 ? [cid] : [cid, { name: "scp", value: [...scopes], source: "okta", id: null }];
}

/**
 * The claims of a token beyond those of RFC 9068: the environment of its application, Okta's where the server wants them,
 * and the server's own.
 * @throws ClaimFailed when one of them cannot be made
 */
export function extraClaims(server: ServerRecord, application: ApplicationFacts, scopes: readonly string[]): ExtraClaim[] {
  const { clientId, name, environment } = application;
  const own = makerOf(server)({
    client: { id: clientId, name, environment },
    scopes,
    server: { id: server.id, name: server.name, audience: server.audience, issuer: issuerOf(server.id) },
  });
  // Of two with the same name the last counts: nothing that somebody writes may stand for what Gatewright says.
  return [
    ...own.map((claim): ExtraClaim => ({ ...claim, source: "claim" })),
    ...(server.oktaClaims ? oktaClaims(application, scopes) : []),
    { name: "environment", value: environment, source: "application", id: null },
  ];
}
