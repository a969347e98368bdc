import { handleAuthorizationServerRequest } from "@/lib/authorization-server/http";

export const dynamic = "force-dynamic";

/** The metadata of an authorization server by path insertion (RFC 8414 section 3.1). */
async function handle(request: Request, { params }: { params: Promise<{ server: string }> }): Promise<Response> {
  const { server } = await params;
  return handleAuthorizationServerRequest(server, "/.well-known/oauth-authorization-server", request);
}

export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
