import { gatewayState } from "@/lib/management/runtime";

export const dynamic = "force-dynamic";

/** 200 while the embedded gateway serves, 503 before its first deployments are loaded. */
export function GET(): Response {
  const { ready } = gatewayState();
  return Response.json({ status: ready ? "ready" : "starting" }, { status: ready ? 200 : 503, headers: { "Cache-Control": "no-store" } });
}
