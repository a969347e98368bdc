import type { z } from "zod";
import { asksCallers, servedCors } from "@/lib/gateway/access/protected-resource";
import { checkCors } from "@/lib/gateway/http/cors-check";
import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { versionOf } from "./access";
import { loadApi } from "./apis";
import type { CorsCheckView, corsCheckBodySchema } from "./contract/access";

/**
 * What a gateway would answer a page of another origin, and what a browser would make of it.
 * @throws ManagementError 404
 */
export async function checkApiCors(id: string, { of, ...call }: z.output<typeof corsCheckBodySchema>): Promise<CorsCheckView> {
  const version = versionOf(await loadApi(database(), id), of);
  if (version)
    return checkCors(servedCors(version.definition.cors, asksCallers(version.definition)), call, new URL(environment().gatewayUrl).origin);
  return {
    allowed: false,
    reasons: ["Nothing is deployed, so the gateway answers 404 to every call. Deploy the draft, or check the draft."],
    preflight: { needed: false, status: 404, headers: [] },
    response: { headers: [] },
  };
}
