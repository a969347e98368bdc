import { handleAuthorizationServerRequest } from "@/lib/authorization-server/http";

export const dynamic = "force-dynamic";

async function handle(request: Request, { params }: { params: Promise<{ server: string; path?: string[] }> }): Promise<Response> {
  const { server, path = [] } = await params;
  return handleAuthorizationServerRequest(server, `/${path.join("/")}`, request);
}

export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
