import { handleRoute } from "@/lib/console-host/route-handler";
import { withEmbeddedGateway } from "@/lib/management/http/embedded-gateway";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** The embedded gateway without raw request capture: every method, any path below the mount point. */
function handle(request: Request): Promise<Response> {
  return withEmbeddedGateway((gateway) => handleRoute(gateway, request, "/gateway"));
}

export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
