import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { findPortProblem } from "@/lib/platform/port-probe";
import { StartFailure } from "@/lib/platform/start-failure";

/** How long the system may take to remove a process that was killed: one that waits for a disk can't be removed until then. */
const KILLED_WITHIN_MS = 2000;

/**
 * Asks a child process to end and waits until it has. Kills it when it takes too long, and gives it up when even that doesn't end it.
 * @param how a signal, or `stop` for a child that listens on its channel
 */
export async function stopChild(child: ChildProcess, how: NodeJS.Signals | "stop", timeoutMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (how === "stop" && child.connected) child.send("stop", () => undefined);
  else child.kill(how === "stop" ? "SIGTERM" : how);
  const kill = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const patience = new AbortController();
  await Promise.race([ended, delay(timeoutMs + KILLED_WITHIN_MS, null, { signal: patience.signal }).catch(() => null)]);
  clearTimeout(kill);
  patience.abort();
}

/** Whether a child process is no more, or never was: one that couldn't be made has no id, and never exits. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/**
 * Makes sure that nothing listens on the port.
 * @param patienceMs how long to wait for what is just ending
 * @throws StartFailure when the port stays taken or may not be used
 */
export async function requireFreePort(port: number, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const problem = await findPortProblem(port);
    if (problem === undefined) return;
    if (problem === "EACCES") {
      throw new StartFailure(`This user may not listen on port ${port}. Choose one above 1023 with PORT=3001 npm start.`);
    }
    if (Date.now() >= deadline) {
      throw new StartFailure(
        `Port ${port} is taken. Stop what runs there or choose another with PORT=${port === 65_535 ? 3001 : port + 1} npm start.`,
      );
    }
    await delay(200);
  }
}
