import * as http from "node:http";
import { nodeHttpListener } from "@/lib/gateway/adapters/node-http";
import { originForm } from "@/lib/gateway/adapters/origin-form";
import type { Gateway } from "@/lib/gateway/gateway";

/** Temporary stand-in. */
export function createServer(
  gateway: Gateway,
  answerOwn: (incoming: http.IncomingMessage, outgoing: http.ServerResponse, target: string) => boolean,
): { server: http.Server; drain(timeoutMs: number): Promise<void> } {
  const listener = nodeHttpListener(gateway);
  const server = http.createServer((incoming, outgoing) => {
    if (!answerOwn(incoming, outgoing, originForm(incoming.url ?? ""))) listener(incoming, outgoing);
  });
  return {
    server,
    async drain(timeoutMs) {
      const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(timer);
    },
  };
}
