import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { findPortProblem } from "@/lib/platform/port-probe";
import { StartFailure } from "@/lib/platform/start-failure";

/** Maximum wait for a killed process to exit. It can't exit while it waits for a disk. */
const EXIT_AFTER_KILL_MS = 2000;

/**
 * Stops a child process and waits for its exit. Kills it after the timeout, and gives up if it still doesn't exit.
 * @param how a signal, or `stop` for a message on the IPC channel
 */
export async function stopChild(child: ChildProcess, how: NodeJS.Signals | "stop", timeoutMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (how === "stop" && child.connected) child.send("stop", () => undefined);
  else child.kill(how === "stop" ? "SIGTERM" : how);
  const kill = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const patience = new AbortController();
  await Promise.race([ended, delay(timeoutMs + EXIT_AFTER_KILL_MS, null, { signal: patience.signal }).catch(() => null)]);
  clearTimeout(kill);
  patience.abort();
}

/** Whether a child process has exited or failed to start. The latter has no ID and emits no exit event. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/**
 * Checks that the port is free.
 * @param timeoutMs how long to wait for a process that is shutting down
 * @throws StartFailure when the port is in use or not permitted
 */
export async function requireFreePort(port: number, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const problem = await findPortProblem(port);
    if (problem === undefined) return;
    if (problem === "EACCES") {
      throw new StartFailure(`This user isn't allowed to use port ${port}. Use a port above 1023: PORT=3001 npm start.`);
    }
    if (Date.now() >= deadline) {
      throw new StartFailure(
        `Port ${port} is in use. Stop the process that uses it, or use another port: PORT=${port === 65_535 ? 3001 : port + 1} npm start.`,
      );
    }
    await delay(200);
  }
}
