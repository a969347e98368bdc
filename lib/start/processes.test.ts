import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { hasEnded, stopChild } from "./processes";

const child = async (code: string) => {
  const started = spawn(process.execPath, ["-e", `${code}; console.log("up"); setInterval(() => {}, 1000)`]);
  await once(started.stdout, "data");
  return started;
};

describe("stopChild", () => {
  it("ends a process that obeys", async () => {
    const obedient = await child("");
    await stopChild(obedient, "SIGTERM", 30_000);
    expect(obedient.signalCode).toBe("SIGTERM");
  });

  it("kills one that doesn't", async () => {
    const stubborn = await child(`process.on("SIGTERM", () => {})`);
    await stopChild(stubborn, "SIGTERM", 100);
    expect(stubborn.signalCode).toBe("SIGKILL");
  });

  it("doesn't wait for one that was never made", async () => {
    const none = spawn("/nonexistent/program");
    none.once("error", () => undefined);
    expect(hasEnded(none)).toBe(true);
    await stopChild(none, "SIGTERM", 30_000);
  });

  it("gives one up that even a kill doesn't end", async () => {
    const running = await child("");
    // As for a process that waits for a disk: the signal is sent, and nothing comes of it.
    const kill = running.kill.bind(running);
    running.kill = () => true;
    await stopChild(running, "SIGTERM", 50);
    expect(hasEnded(running)).toBe(false);
    kill("SIGKILL");
    await once(running, "exit");
  });
});
