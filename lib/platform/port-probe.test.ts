import { once } from "node:events";
import { connect, createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "@/lib/testing/free-port";
import { findPortProblem } from "./port-probe";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listening(host: string | undefined): Promise<number> {
  const server = createServer((socket) => socket.on("error", () => undefined).resume());
  server.listen(0, host);
  await once(server, "listening");
  cleanups.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("findPortProblem", () => {
  it.each([["all addresses", undefined] as const, ["127.0.0.1", "127.0.0.1"] as const])(
    "finds a port taken on which something listens on %s",
    async (_name, host) => {
      expect(await findPortProblem(await listening(host))).toBe("EADDRINUSE");
    },
  );

  it("finds no problem with a port that nothing listens on", async () => {
    expect(await findPortProblem(await freePort())).toBeUndefined();
  });

  it("never accepts a connection on that port: a load balancer would lose the request on it", async () => {
    const port = await freePort();
    const outcomes = new Set<string>();
    let running = true;
    const attempt = async () => {
      while (running) {
        await new Promise<void>((resolve) => {
          const socket = connect(port, "127.0.0.1");
          const end = (outcome: string) => {
            outcomes.add(outcome);
            socket.destroy();
            resolve();
          };
          // A connection may be given the very port and reach itself.
          socket.once("connect", () => end(socket.localPort === port ? "ECONNREFUSED" : "connected"));
          socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
        });
      }
    };
    const attempts = [attempt(), attempt(), attempt(), attempt()];
    for (let probe = 0; probe < 50; probe++) await findPortProblem(port);
    running = false;
    await Promise.all(attempts);
    expect([...outcomes]).toEqual(["ECONNREFUSED"]);
  });
});
