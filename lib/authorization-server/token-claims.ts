import type { ApplicationFacts } from "./clients";
import { type ClaimMaker, compileClaims } from "./rules/claims";
import type { Json } from "./rules/model";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";

/** A claim that oidc-provider doesn't set itself, with its origin. */
export interface ExtraClaim {
  name: string;
  value: Json;
  source: "application" | "okta" | "claim";
  /** The ID of the server's claim; null for other sources. */
  id: string | null;
}

const makers = new WeakMap<ServerRecord["claims"], ClaimMaker>();

/** Compiles a server's claims once per version. */
function makerOf({ claims }: ServerRecord): ClaimMaker {
  const known = makers.get(claims) ?? compileClaims(claims);
  makers.set(claims, known);
  return known;
}

/** Okta's names of `client_id` and `scope`, for verifiers that require them. */
function oktaClaims(application: ApplicationFacts, scopes: readonly string[]): ExtraClaim[] {
  const cid: ExtraClaim = { name: "cid", value: application.clientId, source: "okta", id: null };
  return scopes.length === 0 ? [cid] : [cid, { name: "scp", value: [...scopes], source: "okta", id: null }];
}

/**
 * The claims of a token beyond RFC 9068: the server's own, Okta's if enabled, and the application's environment.
 * @throws ClaimFailed when one has no valid value
 */
export function extraClaims(server: ServerRecord, application: ApplicationFacts, scopes: readonly string[]): ExtraClaim[] {
  const { clientId, name, environment } = application;
  const own = makerOf(server)({
    client: { id: clientId, name, environment },
    scopes,
    server: { id: server.id, name: server.name, audience: server.audience, issuer: issuerOf(server.id) },
  });
  // The last of two equal names wins, so custom claims can't override Gatewright's.
  return [
    ...own.map((claim): ExtraClaim => ({ ...claim, source: "claim" })),
    ...(server.oktaClaims ? oktaClaims(application, scopes) : []),
    { name: "environment", value: environment, source: "application", id: null },
  ];
}
