import { countByClient, largest } from "./turnstile";

/** A call of an endpoint that has not ended. */
export interface Held {
  /** What the calls of one client are counted by. */
  readonly client: string;
  /** It waits for a connection, or for its client to read. */
  readonly isIdle: boolean;
  /** Ends the call in favor of another client's. False if it can't be ended. */
  displace(): boolean;
}

/** For how long a count of clients is used, in milliseconds: an overloaded endpoint has thousands of calls. */
const COUNT_MS = 100;

/** The calls of an endpoint that have not ended: in flight, waiting, or as WebSockets. */
export class Load {
  readonly #held = new Set<Held>();
  #crowd: string | null = null;
  #countedAt = Number.NEGATIVE_INFINITY;

  /** @param max how many there are at most */
  constructor(private readonly max: number) {}

  /** How many calls there are. */
  get calls(): number {
    return this.#held.size;
  }

  enter(call: Held): void {
    this.#held.add(call);
  }

  leave(call: Held): void {
    this.#held.delete(call);
  }

  get isFull(): boolean {
    return this.#held.size >= this.max;
  }

  /** Ends a call of the client that has more than half of the places, in favor of another client. Returns whether it did. */
  makesRoom(client: () => string): boolean {
    const crowd = this.#findCrowd();
    return crowd !== null && crowd !== client() && this.#displaceOne(crowd);
  }

  #findCrowd(): string | null {
    const now = performance.now();
    if (now - this.#countedAt >= COUNT_MS) {
      this.#countedAt = now;
      this.#crowd = largest(countByClient(this.#held), Math.max(1, Math.floor(this.max / 2)))?.client ?? null;
    }
    return this.#crowd;
  }

  #displaceOne(client: string): boolean {
    const held = [...this.#held].filter((call) => call.client === client);
    // The newest first, which has waited least.
    return held.findLast((call) => call.isIdle && call.displace()) !== undefined || held.some((call) => call.displace());
  }
}
