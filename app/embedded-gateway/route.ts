import { handleRoute } from "@/lib/console-host/route-handler";
import { withEmbeddedGateway } from "@/lib/management/http/embedded-gateway";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Where captured calls of the embedded gateway arrive: a path without parameters, which Next finds without trying its patterns. */
export function GET(request: Request): Promise<Response> {
  return withEmbeddedGateway((gateway) => handleRoute(gateway, request, "/gateway"));
}
