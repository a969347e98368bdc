import type { Gateway } from "@/lib/gateway/gateway";
import { STARTING_BODY } from "@/lib/gateway-host/health";
import { embeddedGateway } from "../runtime";

/** Responds through the embedded gateway, or with 503 while no deployments were loaded because the database was unreachable. */
export async function withEmbeddedGateway(answer: (gateway: Gateway) => Response | Promise<Response>): Promise<Response> {
  const gateway = await embeddedGateway().catch(() => null);
  if (gateway) return answer(gateway);
  // In the gateway's error format, because clients see this response in place of an API's.
  return Response.json(STARTING_BODY, { status: 503, headers: { "Retry-After": "1", "Cache-Control": "no-store" } });
}
