import { metadataResponse } from "@/lib/console-host/metadata-route";
import { withEmbeddedGateway } from "@/lib/management/http/embedded-gateway";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Protected-resource metadata of the APIs on the embedded gateway (RFC 9728). */
function handle(request: Request): Promise<Response> {
  return withEmbeddedGateway((gateway) => metadataResponse(gateway, request, "/.well-known/oauth-protected-resource/gateway"));
}

export { handle as GET, handle as HEAD, handle as OPTIONS };
