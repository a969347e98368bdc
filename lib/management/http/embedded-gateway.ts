import type { Gateway } from "@/lib/gateway/gateway";
import { STARTING_BODY } from "@/lib/gateway-host/health";
import { embeddedGateway } from "../runtime";

/** Has the embedded gateway answer, or answers 503 while it has nothing to serve: the database was unreachable from the beginning. */
export async function withEmbeddedGateway(answer: (gateway: Gateway) => Response | Promise<Response>): Promise<Response> {
  const gateway = await embeddedGateway().catch(() => null);
  if (gateway) return answer(gateway);
  // What fails here fails in the gateway's own words, not in the framework's.
  return Response.json(STARTING_BODY, { status: 503, headers: { "Retry-After": "1", "Cache-Control": "no-store" } });
}
