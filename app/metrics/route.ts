import { metricsResponse } from "@/lib/management/http/metrics";
import { readOnly } from "@/lib/management/http/problem-response";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Metrics for Prometheus. */
export function GET(request: Request): Promise<Response> {
  return metricsResponse(request);
}

export const { DELETE, OPTIONS, PATCH, POST, PUT } = readOnly();
