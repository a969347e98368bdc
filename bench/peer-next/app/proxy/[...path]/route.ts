import { Readable } from "node:stream";
import { Pool } from "undici";

const backend = new Pool(process.env.BACKEND_URL ?? "http://127.0.0.1:9100", { connections: 64 });

/** A minimal proxy in a Next route handler: no policy, no token, no log. */
export async function GET(request: Request, context: { params: Promise<{ path: string[] }> }): Promise<Response> {
  const { path } = await context.params;
  const answer = await backend.request({
    method: "GET",
    path: `/${path.join("/")}`,
    headers: { accept: request.headers.get("accept") ?? "*/*" },
  });
  return new Response(Readable.toWeb(answer.body) as ReadableStream, {
    status: answer.statusCode,
    headers: { "content-type": String(answer.headers["content-type"]) },
  });
}
