import type { Cors } from "@/lib/definition/schema";
import type { CompiledApi } from "./compile-api";
import { PROOF_ALGORITHMS } from "./dpop/algorithms";

/** The CORS settings of an API that asks for tokens: a script may read the challenge, which says what is wrong with its token or its proof. */
export function withReadableChallenge(cors: Cors): Cors {
  const isReadable = cors.exposeHeaders.some((name) => name.toLowerCase() === "www-authenticate");
  return isReadable ? cors : { ...cors, exposeHeaders: [...cors.exposeHeaders, "WWW-Authenticate"] };
}

/**
 * The metadata of an API as a protected resource (RFC 9728, section 2). Members without a value are left out,
 * and everything comes from configuration: a `Host` header could make a client send its token elsewhere.
 */
export async function protectedResourceOf(api: CompiledApi, publicUrl: string): Promise<Record<string, unknown> | null> {
  if (!api.protectedBy) return null;
  const issuers = (await Promise.all(api.protectedBy.checkers.map((checker) => checker.issuers().catch(() => [])))).flat();
  return {
    resource: publicUrl + (api.contextPath === "/" ? "" : api.contextPath),
    ...(issuers.length > 0 ? { authorization_servers: [...new Set(issuers)] } : {}),
    ...(api.protectedBy.scopes.length > 0 ? { scopes_supported: api.protectedBy.scopes } : {}),
    bearer_methods_supported: ["header"],
    dpop_signing_alg_values_supported: PROOF_ALGORITHMS,
  };
}
