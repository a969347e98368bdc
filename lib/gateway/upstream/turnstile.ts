/** A call that takes a connection of a backend, or waits for one. */
export interface Turn {
  /** What the calls of one client are counted by. */
  readonly client: string;
  /** The client doesn't read its response as fast as the backend sends it. */
  readonly heldUp: boolean;
  /** The connection is there. */
  run(): void;
  /** Ends the call in favor of another client's. False if it can't be ended: the backend may be changing something for it. */
  displace(): boolean;
}

/** How often waiting calls are looked at. */
const TICK_MS = 250;
/** After this long, another client's call is ended for a waiting one. */
const PATIENCE_MS = 500;

/** How long a call has a connection at least, unless its client holds it up, in milliseconds. */
export const HOLD_MS = 5000;

/** Counts calls by client. */
export function countByClient(calls: Iterable<{ readonly client: string }>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { client } of calls) counts.set(client, (counts.get(client) ?? 0) + 1);
  return counts;
}

/** The client with the most calls, if these are more than `count`. */
export function largest(counts: ReadonlyMap<string, number>, count: number): { client: string; count: number } | null {
  let found: { client: string; count: number } | null = null;
  for (const [client, held] of counts) if (held > (found?.count ?? count)) found = { client, count: held };
  return found;
}

/**
 * Gives the connections of a backend to calls, in turn by client. While other clients wait, one keeps at most half of them: of the
 * rest, calls are ended whose client reads slowly, or which last long. Nothing is counted by client until a call has to wait.
 */
export class Turnstile {
  readonly #running = new Map<Turn, number>();
  readonly #waiting = new Map<string, Map<Turn, number>>();
  readonly #half: number;
  /** The client with more than half of the connections. Others come first. */
  #crowd: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #admitting = false;

  /** @param max how many calls have a connection at most */
  constructor(
    private readonly max: number,
    private readonly holdMs: number = HOLD_MS,
  ) {
    this.#half = Math.max(1, Math.floor(max / 2));
  }

  /** Returns whether a call may run now. Otherwise, its `run` is called when it may. */
  enter(turn: Turn): boolean {
    if (this.#running.size < this.max) {
      this.#running.set(turn, performance.now());
      return true;
    }
    const turns = this.#waiting.get(turn.client);
    if (turns) turns.set(turn, performance.now());
    else this.#waiting.set(turn.client, new Map([[turn, performance.now()]]));
    this.#timer ??= this.#wait();
    return false;
  }

  /** The call has ended, or doesn't wait any longer. */
  leave(turn: Turn): void {
    if (this.#running.delete(turn)) {
      if (this.#waiting.size > 0) this.#admit();
      return;
    }
    const turns = this.#waiting.get(turn.client);
    if (turns?.delete(turn) && turns.size === 0) this.#waiting.delete(turn.client);
  }

  #admit(): void {
    // A call that ends as soon as it runs comes here again.
    if (this.#admitting) return;
    this.#admitting = true;
    while (this.#running.size < this.max) {
      const turn = this.#next();
      if (turn === null) break;
      this.#running.set(turn, performance.now());
      turn.run();
    }
    this.#admitting = false;
  }

  /** The oldest call of the client whose turn it is. */
  #next(): Turn | null {
    let chosen: string | undefined;
    for (const client of this.#waiting.keys()) {
      chosen ??= client;
      if (client === this.#crowd) continue;
      chosen = client;
      break;
    }
    const turns = chosen === undefined ? undefined : this.#waiting.get(chosen);
    if (chosen === undefined || turns === undefined) return null;
    const [turn] = turns.keys();
    this.#waiting.delete(chosen);
    if (turn === undefined) return null;
    turns.delete(turn);
    if (turns.size > 0) this.#waiting.set(chosen, turns);
    return turn;
  }

  #wait(): NodeJS.Timeout {
    return setTimeout(() => this.#tick(), TICK_MS).unref();
  }

  #tick(): void {
    this.#timer = null;
    this.#crowd = null;
    if (this.#waiting.size === 0) return;
    this.#timer = this.#wait();
    const crowd = largest(countByClient(this.#running.keys()), this.#half);
    if (crowd === null) return;
    this.#crowd = crowd.client;
    const wanted = Math.min(this.#waitingLong(crowd.client), crowd.count - this.#half);
    if (wanted > 0) this.#displace(crowd.client, wanted);
  }

  /** How many calls of others have waited for too long. */
  #waitingLong(crowd: string): number {
    const since = performance.now() - PATIENCE_MS;
    let count = 0;
    for (const [client, turns] of this.#waiting) {
      if (client === crowd) continue;
      for (const began of turns.values()) {
        if (began > since) break;
        count += 1;
      }
    }
    return count;
  }

  #displace(client: string, wanted: number): void {
    const long = performance.now() - this.holdMs;
    const held = [...this.#running].filter(([turn]) => turn.client === client);
    let left = wanted;
    const end = (turns: typeof held) => {
      for (const [turn] of turns) {
        if (left === 0) return;
        if (turn.displace()) left -= 1;
      }
    };
    end(held.filter(([turn]) => turn.heldUp));
    end(held.filter(([turn, began]) => !turn.heldUp && began <= long));
  }
}

const turnstiles = new WeakMap<object, Turnstile>();

/** The turnstile of a backend's connections: the endpoints that share these have one. */
export function turnstileOf(connections: object, max: number, holdMs?: number): Turnstile {
  const known = turnstiles.get(connections) ?? new Turnstile(max, holdMs);
  turnstiles.set(connections, known);
  return known;
}
