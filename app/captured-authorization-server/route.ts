import { FORM_BYTES_MAX, handleAmRequest, handleAuthorizationServerRequest } from "@/lib/authorization-server/http";
import { capturedCall } from "@/lib/console-host/captured-call";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Handles captured authorization server requests. A static path avoids Next's pattern matching. */
export async function GET(request: Request): Promise<Response> {
  const call = await capturedCall(request, FORM_BYTES_MAX);
  if (!call) return Response.json({ error: "not_found", error_description: "Not found." }, { status: 404 });
  const [, mount, name = "", ...rest] = new URL(call.request.url).pathname.split("/");
  const handle = mount === "am" ? handleAmRequest : handleAuthorizationServerRequest;
  return call.answer(await handle(name, `/${rest.join("/")}`, call.request));
}
