import { gatewayState } from "@/lib/management/runtime";

export const dynamic = "force-dynamic";

/** 200 while the embedded gateway serves, with what is not as it should be; 503 before its first deployments are loaded and while it ends. */
export function GET(): Response {
  const { ready, draining, degraded } = gatewayState();
  const body = { status: draining ? "draining" : ready ? "ready" : "starting", degraded };
  return Response.json(body, { status: ready && !draining ? 200 : 503, headers: { "Cache-Control": "no-store" } });
}
