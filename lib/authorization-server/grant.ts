import type { Client, ResourceServer } from "oidc-provider";
import { database } from "@/lib/platform/database";
import { applicationOf } from "./clients";
import { TokenDenied } from "./oauth-error";
import type { ServerRecord } from "./server-records";
import { SIGNING_ALGORITHM } from "./signing-keys";

/** How long a token lives unless its issuer asks for less. */
export const TOKEN_TTL_SECONDS = 3600;

/** The scopes in a `scope` parameter (RFC 6749 section 3.3), each once. */
export const scopesOf = (scope: string | undefined): string[] => [...new Set((scope ?? "").split(" ").filter(Boolean))];

/**
 * Decides what a client gets: everything it asks for, or nothing. A scope must exist on the server and, when the
 * application lists scopes, be among them; a token with fewer scopes than asked for is never issued.
 * @throws TokenDenied `invalid_scope` with the denied scopes, or `unauthorized_client` when the server is switched off
 */
export async function decideGrant(server: ServerRecord, client: Client, requested: readonly string[]): Promise<ResourceServer> {
  const application = applicationOf(client);
  if (!application.serverEnabled)
    throw new TokenDenied("unauthorized_client", "This authorization server is switched off and issues no tokens.");
  const existing = requested.length
    ? await database().scope.findMany({ where: { serverId: server.id, name: { in: [...requested] } }, select: { name: true } })
    : [];
  const allowed = new Set(
    existing.map((scope) => scope.name).filter((name) => application.scopes.length === 0 || application.scopes.includes(name)),
  );
  const denied = requested.filter((scope) => !allowed.has(scope));
  if (denied.length) throw new TokenDenied("invalid_scope", `The application may not have these scopes: ${denied.join(", ")}.`);
  return {
    scope: requested.join(" "),
    audience: server.audience,
    accessTokenTTL: TOKEN_TTL_SECONDS,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg: SIGNING_ALGORITHM, kid: server.keys[0]?.kid } },
  };
}
