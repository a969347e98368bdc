import { readOnly } from "@/lib/management/http/problem-response";

/** Liveness: the process responds. */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "Cache-Control": "no-store" } });
}

export const { DELETE, OPTIONS, PATCH, POST, PUT } = readOnly();
