import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { StartFailure } from "@/lib/platform/start-failure";

/**
 * Asks a child process to end and waits until it has; kills it when it takes too long.
 * @param how a signal, or `stop` for a child that listens on its channel
 */
export async function stopChild(child: ChildProcess, how: NodeJS.Signals | "stop", timeoutMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (how === "stop" && child.connected) child.send("stop", () => undefined);
  else child.kill(how === "stop" ? "SIGTERM" : how);
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  await ended;
  clearTimeout(timer);
}

/** Whether a child process is no more. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Makes sure that nothing listens on the port.
 * @param patienceMs how long to wait for what is just ending
 * @throws StartFailure when the port stays taken or may not be used
 */
export async function requireFreePort(port: number, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const problem = await tryPort(port);
    if (problem === undefined) return;
    if (problem === "EACCES") {
      throw new StartFailure(`This user may not listen on port ${port}. Choose one above 1023 with PORT=3001 npm start.`);
    }
    if (problem !== "EADDRINUSE")
      throw new StartFailure(`Port ${port} cannot be used (${problem}). Choose another with PORT=3001 npm start.`);
    if (Date.now() >= deadline) {
      throw new StartFailure(
        `Port ${port} is taken. Stop what runs there or choose another with PORT=${port === 65_535 ? 3001 : port + 1} npm start.`,
      );
    }
    await delay(200);
  }
}

/** Tries as Next will: on all interfaces. */
function tryPort(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
