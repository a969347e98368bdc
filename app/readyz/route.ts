import { readOnly } from "@/lib/management/http/problem-response";
import { readyResponse } from "@/lib/management/http/ready";

export const dynamic = "force-dynamic";

/** 200 while the embedded gateway serves; 503 before its first deployments are loaded and while it ends. */
export function GET(request: Request): Promise<Response> {
  return readyResponse(request);
}

export const { DELETE, OPTIONS, PATCH, POST, PUT } = readOnly();
