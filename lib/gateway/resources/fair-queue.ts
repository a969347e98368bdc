interface Lane {
  running: number;
  /** What to call when it is a job's turn, the first of them first. */
  readonly waiting: Set<() => void>;
}

/** How much a {@link FairQueue} does at the same time. */
export interface FairQueueRules {
  /** Jobs that run at the same time. */
  slots: number;
  /** Of one client. With fewer than `slots`, slow jobs of one client never keep all of them. */
  perClient: number;
}

/**
 * Runs jobs, no more than so many at a time. Those that wait take turns by client, so that a client with thousands of them
 * delays another's by one round at most.
 */
export class FairQueue {
  #running = 0;
  readonly #lanes = new Map<string, Lane>();
  /** The clients with jobs that wait; whose turn is next stands first. */
  readonly #waiting = new Map<string, Lane>();

  constructor(private readonly rules: FairQueueRules) {}

  /**
   * Runs a job when it is its turn.
   * @param signal ends the wait, not the job itself
   * @throws what the job throws; the signal's reason when the wait was ended
   */
  async run<T>(client: string, job: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const lane = this.#lanes.get(client) ?? { running: 0, waiting: new Set() };
    this.#lanes.set(client, lane);
    if (lane.waiting.size === 0 && this.#isFree(lane)) this.#start(lane);
    else await this.#wait(client, lane, signal);
    try {
      return await job();
    } finally {
      lane.running -= 1;
      this.#running -= 1;
      this.#forget(client, lane);
      this.#next();
    }
  }

  /** Clients that have jobs, for tests. */
  get size(): number {
    return this.#lanes.size;
  }

  #isFree(lane: Lane): boolean {
    return this.#running < this.rules.slots && lane.running < this.rules.perClient;
  }

  #start(lane: Lane): void {
    lane.running += 1;
    this.#running += 1;
  }

  #forget(client: string, lane: Lane): void {
    if (lane.waiting.size === 0) this.#waiting.delete(client);
    if (lane.running === 0 && lane.waiting.size === 0) this.#lanes.delete(client);
  }

  #wait(client: string, lane: Lane, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        lane.waiting.delete(go);
        this.#forget(client, lane);
        reject(signal.reason);
      };
      const go = () => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      if (signal.aborted) {
        giveUp();
        return;
      }
      signal.addEventListener("abort", giveUp, { once: true });
      lane.waiting.add(go);
      if (!this.#waiting.has(client)) this.#waiting.set(client, lane);
    });
  }

  /** Starts what waits and may run. Clients that run as much as they may are few: they are passed over. */
  #next(): void {
    for (const [client, lane] of this.#waiting) {
      if (this.#running >= this.rules.slots) return;
      const [go] = lane.waiting;
      if (go === undefined || !this.#isFree(lane)) continue;
      lane.waiting.delete(go);
      this.#start(lane);
      // To the end of the row: a map is walked in the order of insertion, also what is inserted meanwhile.
      this.#waiting.delete(client);
      if (lane.waiting.size > 0) this.#waiting.set(client, lane);
      go();
    }
  }
}
