import { handleRoute } from "@/lib/gateway/adapters/route-handler";
import { embeddedGateway } from "@/lib/management/runtime";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Where captured calls of the embedded gateway arrive: a path without parameters, which Next finds without trying its patterns. */
export async function GET(request: Request): Promise<Response> {
  const gateway = await embeddedGateway().catch(() => null);
  if (gateway) return handleRoute(gateway, request, "/gateway");
  // The database was away from the beginning. What fails here fails in its own words, not in the framework's.
  return Response.json(
    { message: "The gateway has no deployments yet", http_status_code: 503, error: "GATEWAY_STARTING" },
    { status: 503, headers: { "Retry-After": "1", "Cache-Control": "no-store" } },
  );
}
