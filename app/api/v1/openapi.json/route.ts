import { otherMethods } from "@/lib/management/http/endpoint";
import { openApiDocument } from "@/lib/management/openapi";

/** Anyone may read what the management API looks like: it says nothing about what is in it. */
export function GET(): Response {
  return Response.json(openApiDocument(), { headers: { "Cache-Control": "public, max-age=300" } });
}

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/openapi.json", ["GET"]);
