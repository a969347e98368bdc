import { readOnly } from "@/lib/management/http/problem-response";

/** The process lives. */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "Cache-Control": "no-store" } });
}

export const { DELETE, OPTIONS, PATCH, POST, PUT } = readOnly();
