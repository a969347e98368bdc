import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Shutdown } from "./shutdown";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const before = SIGNALS.map((signal) => process.listeners(signal));

/** Emits a signal to this shutdown only. */
function listening(shutdown: Shutdown): (signal: (typeof SIGNALS)[number]) => void {
  shutdown.listen();
  return (signal) => {
    for (const listener of process.listeners(signal)) if (!before.flat().includes(listener)) listener(signal);
  };
}

// Fakes the clock and `process.exit`, which would end the test.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  SIGNALS.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) if (!before[index]?.includes(listener)) process.off(signal, listener);
  });
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("Shutdown", () => {
  it("ignores a second signal within 500 ms", async () => {
    const shutdown = new Shutdown();
    let finish: () => void = () => undefined;
    shutdown.add(() => new Promise((resolve) => (finish = resolve)));
    const signal = listening(shutdown);
    signal("SIGINT");
    vi.setSystemTime(Date.now() + 499);
    signal("SIGTERM");
    signal("SIGINT");
    expect(process.exit).not.toHaveBeenCalled();
    finish();
    await vi.waitFor(() => expect(process.exit).toHaveBeenCalledExactlyOnceWith(0));
  });

  it("exits immediately on a later signal during cleanup", () => {
    const shutdown = new Shutdown();
    shutdown.add(() => new Promise(() => undefined));
    const signal = listening(shutdown);
    signal("SIGINT");
    vi.setSystemTime(Date.now() + 500);
    signal("SIGINT");
    expect(process.exit).toHaveBeenCalledExactlyOnceWith(130);
  });

  it("runs cleanups once, last first, and continues after a failure", async () => {
    const error = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const shutdown = new Shutdown();
    const undone: string[] = [];
    shutdown.add(async () => void undone.push("first"));
    shutdown.add(() => Promise.reject(new Error("stuck")));
    shutdown.add(async () => void undone.push(`last, ending: ${shutdown.signal.aborted}`));
    await Promise.all([shutdown.run(), shutdown.run()]);
    expect(undone).toEqual(["last, ending: true", "first"]);
    expect(error).toHaveBeenCalledOnce();
  });
});
