import { handleRoute } from "@/lib/console-host/route-handler";
import { withEmbeddedGateway } from "@/lib/management/http/embedded-gateway";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Handles captured gateway requests. A static path avoids Next's pattern matching. */
export function GET(request: Request): Promise<Response> {
  return withEmbeddedGateway((gateway) => handleRoute(gateway, request, "/gateway"));
}
