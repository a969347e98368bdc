import { metadataAnswer } from "@/lib/gateway/adapters/metadata-answer";
import type { Gateway } from "@/lib/gateway/gateway";
import { gatewayRequest } from "./route-handler";

/** Returns the protected-resource metadata of one API below a mount point (RFC 9728, 3). */
export async function metadataResponse(gateway: Gateway, request: Request, mount: string): Promise<Response> {
  const { method, target } = gatewayRequest(request, mount);
  const { status, headers, body } = await metadataAnswer(gateway, method, target);
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}
