import { readiness } from "@/lib/gateway-host/health";
import { environment } from "@/lib/platform/env";
import { metricsAccess } from "@/lib/platform/metrics-access";
import { currentUser } from "@/lib/platform/session";
import { gatewayState } from "../runtime";

/** Whether an operator asks: by the metrics token, a management token, or a session. */
async function isOperator(request: Request): Promise<boolean> {
  const { metricsToken, adminToken } = environment();
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return metricsAccess([metricsToken, adminToken])(authorization) === null;
  // Whether the process is ready does not depend on Postgres, which sessions are read from.
  return currentUser().then(
    (user) => user !== null,
    () => false,
  );
}

/** Says whether requests may be sent here; to operators also what is degraded. */
export async function readyResponse(request: Request): Promise<Response> {
  const health = gatewayState();
  const { status, body } = readiness(health, await isOperator(request));
  return Response.json(body, { status, headers: { "Cache-Control": "no-store", Vary: "Authorization, Cookie" } });
}
