import type { Gateway } from "@/lib/gateway/gateway";
import { embeddedGateway } from "../runtime";

/** Has the embedded gateway answer, or answers 503 while it has nothing to serve: the database was unreachable from the beginning. */
export async function withEmbeddedGateway(answer: (gateway: Gateway) => Response | Promise<Response>): Promise<Response> {
  const gateway = await embeddedGateway().catch(() => null);
  if (gateway) return answer(gateway);
  // What fails here fails in the gateway's own words, not in the framework's.
  return Response.json(
    { message: "The gateway has no deployments yet", http_status_code: 503, error: "GATEWAY_STARTING" },
    { status: 503, headers: { "Retry-After": "1", "Cache-Control": "no-store" } },
  );
}
