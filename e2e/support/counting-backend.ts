import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy in front of the sample backend that counts requests. */
export interface CountingBackend {
  url: string;
  calls(): number;
  stop(): Promise<void>;
}

/** Forwards and counts every request. */
export async function startCountingBackend(target: string): Promise<CountingBackend> {
  let calls = 0;
  const server = createServer(async (request, response) => {
    calls += 1;
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" && name !== "host" && name !== "connection" ? [[name, value] as [string, string]] : [],
    );
    const answer = await fetch(`${target}${request.url}`, { method: request.method ?? "GET", headers });
    response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "text/plain" });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
