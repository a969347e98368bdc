import { otherMethods } from "@/lib/management/http/endpoint";
import { metricsResponse } from "@/lib/management/http/metrics";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** What Prometheus reads. */
export function GET(request: Request): Promise<Response> {
  return metricsResponse(request);
}

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/metrics", ["GET"]);
