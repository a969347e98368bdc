import { otherMethods } from "@/lib/management/http/endpoint";

/** The process lives. */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "Cache-Control": "no-store" } });
}

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/healthz", ["GET"]);
