import { definitionJsonSchema } from "@/lib/definition/schema";
import { registry } from "@/lib/management/registry";

/** Editors fetch this to complete and check definitions, so it needs no sign-in. */
export function GET(): Response {
  return Response.json(definitionJsonSchema(registry), {
    headers: { "Cache-Control": "public, max-age=300", "Content-Type": "application/schema+json" },
  });
}
