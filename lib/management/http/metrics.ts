import { METRICS_CONTENT_TYPE } from "@/lib/gateway/telemetry/metrics";
import { consoleMetrics } from "@/lib/platform/console-metrics";
import { environment } from "@/lib/platform/env";
import { metricsAccess } from "@/lib/platform/metrics-access";
import { embeddedMetrics } from "../runtime";

const NO_STORE = { "Cache-Control": "no-store" };

/** Returns the metrics of the embedded gateway and this process. Requires the metrics token or a management token. */
export async function metricsResponse(request: Request): Promise<Response> {
  const { metricsToken, adminToken } = environment();
  const rejection = metricsAccess([metricsToken, adminToken])(request.headers.get("authorization"));
  if (rejection) return Response.json(rejection.body, { status: rejection.status, headers: { ...rejection.headers, ...NO_STORE } });
  const text = [await embeddedMetrics().text(), await consoleMetrics().text()].join("\n");
  return new Response(text, { headers: { "Content-Type": METRICS_CONTENT_TYPE, ...NO_STORE } });
}
