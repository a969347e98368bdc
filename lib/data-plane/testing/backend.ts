import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A backend on a port of its own. */
export interface TestBackend {
  url: string;
  close(): Promise<void>;
}

/** Answers every call; unless told otherwise with the path that arrived and who the gateway says is calling. */
export async function testBackend(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void = (incoming, outgoing) =>
    outgoing.end(`${incoming.url} ${incoming.headers["x-gatewright-client-id"] ?? "nobody"}`),
): Promise<TestBackend> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The backend has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
