import type { buildConnector } from "undici";
import { ignoringInterim } from "@/lib/http-client/interim-responses";
import type { ConnectorOptions, Outbound } from "./outbound";

/**
 * Opens connections to backends. An answer without a length ends where its connection ends, and the client takes a
 * connection that was reset for one that ended: an answer that broke off would look whole. So a reset gets another name,
 * under which the client takes it for the failure that it is.
 */
export function backendConnector(outbound: Outbound, options: ConnectorOptions): buildConnector.connector {
  const connect = ignoringInterim(outbound.connector(options));
  return (target, callback) =>
    connect(target, (...result) => {
      const [, socket] = result;
      // It stands before the client's own listener.
      socket?.on("error", (error: Error & { code?: string }) => {
        if (error.code === "ECONNRESET") error.code = "UND_ERR_SOCKET";
      });
      callback(...result);
    });
}
