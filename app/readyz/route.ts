import { readOnly } from "@/lib/management/http/problem-response";
import { readyResponse } from "@/lib/management/http/ready";

export const dynamic = "force-dynamic";

/** Readiness: 200 while the embedded gateway serves; 503 before deployments are loaded and while draining. */
export function GET(request: Request): Promise<Response> {
  return readyResponse(request);
}

export const { DELETE, OPTIONS, PATCH, POST, PUT } = readOnly();
