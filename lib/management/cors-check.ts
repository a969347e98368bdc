import type { z } from "zod";
import { asksCallers, servedCors } from "@/lib/gateway/access/protected-resource";
import { checkCors } from "@/lib/gateway/http/cors-check";
import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { versionOf } from "./access";
import { loadApi } from "./apis";
import type { CorsCheckView, corsCheckBodySchema } from "./contract/access";

/**
 * Simulates a cross-origin request: returns the gateway's response and the browser's decision.
 * @throws ManagementError 404
 */
export async function checkApiCors(id: string, { of, ...call }: z.output<typeof corsCheckBodySchema>): Promise<CorsCheckView> {
  const version = versionOf(await loadApi(database(), id), of);
  if (version)
    return checkCors(servedCors(version.definition.cors, asksCallers(version.definition)), call, new URL(environment().gatewayUrl).origin);
  return {
    allowed: false,
    reasons: ["Nothing is deployed, so the gateway returns 404 for every request. Deploy the draft, or check the draft."],
    preflight: { needed: false, status: 404, headers: [] },
    response: { headers: [] },
  };
}
