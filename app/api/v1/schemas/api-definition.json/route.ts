import { definitionJsonSchema } from "@/lib/definition/schema";
import { otherMethods } from "@/lib/management/http/endpoint";
import { registry } from "@/lib/management/registry";

/** Editors fetch this to complete and check definitions, so it needs no sign-in. */
export function GET(): Response {
  return Response.json(definitionJsonSchema(registry), {
    headers: { "Cache-Control": "public, max-age=300", "Content-Type": "application/schema+json" },
  });
}

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/schemas/api-definition.json", ["GET"]);
