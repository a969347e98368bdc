import { handleAmRequest } from "@/lib/authorization-server/http";

export const dynamic = "force-dynamic";

/** The authorization servers at Gravitee AM paths. */
async function handle(request: Request, { params }: { params: Promise<{ domain: string; path?: string[] }> }): Promise<Response> {
  const { domain, path = [] } = await params;
  return handleAmRequest(domain, `/${path.join("/")}`, request);
}

export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
