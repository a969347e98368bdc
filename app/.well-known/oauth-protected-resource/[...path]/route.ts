import { metadataResponse } from "@/lib/gateway/adapters/metadata-route";
import { embeddedGateway } from "@/lib/management/runtime";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Protected-resource metadata of the APIs on the embedded gateway (RFC 9728). */
async function handle(request: Request): Promise<Response> {
  return metadataResponse(await embeddedGateway(), request, "/.well-known/oauth-protected-resource/gateway");
}

export { handle as GET, handle as HEAD, handle as OPTIONS };
