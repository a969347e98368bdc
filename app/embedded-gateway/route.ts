import { handleRoute } from "@/lib/gateway/adapters/route-handler";
import { embeddedGateway } from "@/lib/management/runtime";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Where captured calls of the embedded gateway arrive: a path without parameters, which Next finds without trying its patterns. */
export async function GET(request: Request): Promise<Response> {
  return handleRoute(await embeddedGateway(), request, "/gateway");
}
