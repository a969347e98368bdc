import { METRICS_CONTENT_TYPE } from "@/lib/gateway/telemetry/metrics";
import { consoleMetrics } from "@/lib/platform/console-metrics";
import { environment } from "@/lib/platform/env";
import { metricsAccess } from "@/lib/platform/metrics-access";
import { embeddedMetrics } from "../runtime";

const NOT_KEPT = { "Cache-Control": "no-store" };

/** Answers with the metrics of the embedded gateway and of this process, for whoever sends a token for them. */
export async function metricsResponse(request: Request): Promise<Response> {
  const { metricsToken, adminToken } = environment();
  const refusal = metricsAccess([metricsToken, adminToken])(request.headers.get("authorization"));
  if (refusal) return Response.json(refusal.body, { status: refusal.status, headers: { ...refusal.headers, ...NOT_KEPT } });
  const text = [await embeddedMetrics().text(), await consoleMetrics().text()].join("\n");
  return new Response(text, { headers: { "Content-Type": METRICS_CONTENT_TYPE, ...NOT_KEPT } });
}
