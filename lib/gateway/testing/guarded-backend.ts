import type { IncomingMessage } from "node:http";
import { readAll, startServer, type TestServer } from "./servers";

/** One call as a backend that asks for credentials saw it. */
export interface GuardedCall {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
  /** What it answered. */
  status: number;
}

/** A backend that answers 401 to what it does not accept, with a challenge and a body that callers must not see. */
export interface GuardedBackend extends TestServer {
  calls: GuardedCall[];
  /** The status for this `Authorization`; 401 comes with the challenge. */
  judge(authorization: string | undefined): number;
  challenge: string;
  /** `Authentication-Info` of every answer. */
  info: string;
}

/** What the refusals of such a backend say: nothing of it may reach a caller. */
export const REFUSAL = "token of the gateway refused by backend.internal";

/** Starts one that accepts everything. */
export async function startGuardedBackend(): Promise<GuardedBackend> {
  const calls: GuardedCall[] = [];
  const started = await startServer(async (incoming, outgoing) => {
    const body = await readAll(incoming).catch(() => "");
    const { method = "", url = "", headers } = incoming;
    const status = backend.judge(headers.authorization);
    calls.push({ method, url, headers, body, status });
    const refused = status === 401 ? { "www-authenticate": backend.challenge } : {};
    outgoing
      .writeHead(status, { "content-type": "text/plain", "authentication-info": backend.info, ...refused })
      .end(status === 200 ? "ok" : REFUSAL);
  });
  const backend: GuardedBackend = {
    ...started,
    calls,
    judge: () => 200,
    challenge: 'Bearer realm="backend.internal", error="invalid_token"',
    info: "qop=auth",
  };
  return backend;
}
