import type { IncomingMessage, ServerResponse } from "node:http";
import { readAll, startServer, type TestServer } from "../../testing/servers";

/** A recorded token request. */
export interface SeenTokenRequest {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
  /** Form fields, in order. */
  fields: [string, string][];
}

/** A token endpoint. By default, it issues `token-1`, `token-2`, … for 1 hour. */
export interface TokenServer extends TestServer {
  tokenUrl: string;
  seen: SeenTokenRequest[];
  /** Handles later requests. */
  answer: (request: SeenTokenRequest, outgoing: ServerResponse, number: number) => void | Promise<void>;
}

/** Writes a JSON response. */
export function json(outgoing: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** Starts a token endpoint that records requests. */
export async function startTokenServer(): Promise<TokenServer> {
  const seen: SeenTokenRequest[] = [];
  const started = await startServer(async (incoming, outgoing) => {
    const body = await readAll(incoming).catch(() => "");
    const { method = "", url = "", headers } = incoming;
    const request: SeenTokenRequest = { method, url, headers, body, fields: [...new URLSearchParams(body)] };
    seen.push(request);
    await server.answer(request, outgoing, seen.length);
  });
  const server: TokenServer = {
    ...started,
    tokenUrl: `${started.origin}/oauth2/token`,
    seen,
    answer: (_, outgoing, number) => json(outgoing, { access_token: `token-${number}`, token_type: "Bearer", expires_in: 3600 }),
  };
  return server;
}
