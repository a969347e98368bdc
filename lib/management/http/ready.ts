import { readiness } from "@/lib/gateway-host/health";
import { environment } from "@/lib/platform/env";
import { metricsAccess } from "@/lib/platform/metrics-access";
import { currentUser } from "@/lib/platform/session";
import { gatewayState } from "../runtime";

/** Returns whether the request carries the metrics token, a management token, or a session. */
async function isOperator(request: Request): Promise<boolean> {
  const { metricsToken, adminToken } = environment();
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return metricsAccess([metricsToken, adminToken])(authorization) === null;
  // Sessions are read from Postgres; readiness must not depend on it.
  return currentUser().then(
    (user) => user !== null,
    () => false,
  );
}

/** Reports whether this process accepts traffic. Operators also see the degraded dependencies. */
export async function readyResponse(request: Request): Promise<Response> {
  const health = gatewayState();
  const { status, body } = readiness(health, await isOperator(request));
  return Response.json(body, { status, headers: { "Cache-Control": "no-store", Vary: "Authorization, Cookie" } });
}
