import { metricsResponse } from "@/lib/management/http/metrics";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** What Prometheus reads. */
export function GET(request: Request): Promise<Response> {
  return metricsResponse(request);
}
