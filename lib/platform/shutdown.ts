type Cleanup = () => Promise<void>;

/** Ctrl-C may arrive twice, from the terminal and from npm; only a later one counts as the second. */
const SECOND_SIGNAL_AFTER_MS = 500;

/** Runs cleanups at process exit, in reverse order. */
export class Shutdown {
  private readonly cleanups: Cleanup[] = [];
  private readonly controller = new AbortController();
  private running: Promise<void> | undefined;

  /** Aborts when the shutdown starts. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  add(cleanup: Cleanup): void {
    this.cleanups.push(cleanup);
  }

  /** Runs all cleanups once; a failing one doesn't skip the rest. */
  run(): Promise<void> {
    this.running ??= this.undo();
    return this.running;
  }

  /**
   * Shuts down on SIGINT, SIGTERM and SIGHUP. A second signal exits immediately; child processes detect that and exit.
   */
  listen(): void {
    let firstAt: number | undefined;
    const onSignal = (): void => {
      if (firstAt !== undefined) {
        if (Date.now() - firstAt >= SECOND_SIGNAL_AFTER_MS) process.exit(130);
        return;
      }
      firstAt = Date.now();
      process.stdout.write("\nStopping. Press Ctrl-C again to stop immediately.\n");
      void this.run().then(() => process.exit(0));
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  }

  private async undo(): Promise<void> {
    this.controller.abort();
    for (let cleanup = this.cleanups.pop(); cleanup; cleanup = this.cleanups.pop()) {
      await cleanup().catch((error: unknown) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`));
    }
  }
}
