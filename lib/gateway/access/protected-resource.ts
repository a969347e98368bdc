import { requirementsOf } from "@/lib/definition/requirements";
import type { Cors, Definition } from "@/lib/definition/schema";
import type { CompiledApi } from "../compile/contract";
import { PROOF_ALGORITHMS } from "../dpop/algorithms";
import { registry } from "../schemas";

/** Whether some call has to bring something to pass. */
export const asksCallers = ({ flows }: Pick<Definition, "flows">): boolean =>
  flows.some(({ enabled, request }) => enabled && request.some((step) => step.enabled && requirementsOf(step, registry).length > 0));

/**
 * The CORS settings that a gateway serves an API with. Where some call has to bring something, a script may read the challenge, which
 * says what is missing or wrong.
 */
export function servedCors(cors: Cors, asksSomething: boolean): Cors {
  if (!asksSomething) return cors;
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
