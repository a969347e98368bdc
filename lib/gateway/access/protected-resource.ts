import { requirementsOf } from "@/lib/definition/requirements";
import type { Cors, Definition } from "@/lib/definition/schema";
import type { CompiledApi } from "../compile/contract";
import { PROOF_ALGORITHMS } from "../dpop/algorithms";
import { registry } from "../schemas";

/** Whether any operation requires a credential. */
export const asksCallers = ({ flows }: Pick<Definition, "flows">): boolean =>
  flows.some(({ enabled, request }) => enabled && request.some((step) => step.enabled && requirementsOf(step, registry).length > 0));

/**
 * Returns the effective CORS settings of an API. If an operation requires a credential, scripts can read the challenge.
 */
export function servedCors(cors: Cors, asksSomething: boolean): Cors {
  if (!asksSomething) return cors;
  const isReadable = cors.exposeHeaders.some((name) => name.toLowerCase() === "www-authenticate");
  return isReadable ? cors : { ...cors, exposeHeaders: [...cors.exposeHeaders, "WWW-Authenticate"] };
}

/**
 * Makes an API's protected-resource metadata (RFC 9728, 2), without empty members. It uses only configuration: a forged `Host`
 * could make a client send its token elsewhere.
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
