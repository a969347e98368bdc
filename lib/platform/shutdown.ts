type Cleanup = () => Promise<void>;

/** Ctrl-C can arrive twice at once, from the terminal and from npm: only a later one is meant as a second one. */
const SECOND_SIGNAL_AFTER_MS = 500;

/** What has to be undone before this process ends, last made first undone. */
export class Shutdown {
  private readonly cleanups: Cleanup[] = [];
  private readonly controller = new AbortController();
  private running: Promise<void> | undefined;

  /** Aborts when the end has begun. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  add(cleanup: Cleanup): void {
    this.cleanups.push(cleanup);
  }

  /** Undoes everything once; a failure in one place does not keep the rest. */
  run(): Promise<void> {
    this.running ??= this.undo();
    return this.running;
  }

  /**
   * Ends the process cleanly on Ctrl-C, SIGTERM and a closed terminal. A second signal ends it at once: what it started
   * notices that it is gone and ends by itself.
   */
  listen(): void {
    let firstAt: number | undefined;
    const onSignal = (): void => {
      if (firstAt !== undefined) {
        if (Date.now() - firstAt >= SECOND_SIGNAL_AFTER_MS) process.exit(130);
        return;
      }
      firstAt = Date.now();
      process.stdout.write("\nStopping. Press Ctrl-C again to stop at once.\n");
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
