import { type Deadline, Deadlines } from "../upstream/deadlines";
import type { CachedToken } from "./cached-token";
import type { AuthorizedCall } from "./contract";
import { EndpointSecurityFailure } from "./failure";

/** A request that waits for a token, until it arrives, the wait times out, or the client disconnects. */
class Waiter implements Deadline {
  dueAt = 0;
  previous: Deadline | null = null;
  next: Deadline | null = null;

  constructor(
    private readonly waiters: Waiters,
    private readonly caller: AuthorizedCall["caller"],
    readonly resolve: (token: CachedToken) => void,
    readonly reject: (failure: EndpointSecurityFailure) => void,
  ) {}

  expire(): void {
    const { milliseconds } = this.waiters.deadlines;
    this.fail(new EndpointSecurityFailure("timeout", `The request waited ${milliseconds} ms for the endpoint's token.`));
  }

  /** Also removes the disconnect listener: the backend call sets its own. */
  leave(): void {
    this.waiters.remove(this);
    this.caller.whenGone(null);
  }

  fail(failure: EndpointSecurityFailure): void {
    this.leave();
    this.reject(failure);
  }
}

/** Requests of a deployed endpoint that wait for one token. Limited, so a hung token endpoint can't exhaust memory. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();
  readonly deadlines: Deadlines;

  constructor(
    private readonly max: number,
    waitMs: number,
  ) {
    this.deadlines = new Deadlines(waitMs);
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves when {@link settle} is called. Rejects only with {@link EndpointSecurityFailure}. */
  wait({ caller }: AuthorizedCall): Promise<CachedToken> {
    if (this.#waiting.size >= this.max)
      return Promise.reject(new EndpointSecurityFailure("tooManyWaiting", `${this.max} requests already wait for this endpoint's token.`));
    return new Promise((resolve, reject) => {
      const waiter = new Waiter(this, caller, resolve, reject);
      this.#waiting.add(waiter);
      this.deadlines.add(waiter);
      caller.whenGone(() =>
        waiter.fail(new EndpointSecurityFailure("callerGone", "The client disconnected while its request waited for a token.")),
      );
    });
  }

  remove(waiter: Waiter): void {
    this.#waiting.delete(waiter);
    this.deadlines.remove(waiter);
  }

  /** Resolves or rejects all waiting requests. */
  settle(outcome: CachedToken | EndpointSecurityFailure): void {
    for (const waiter of [...this.#waiting]) {
      if (outcome instanceof EndpointSecurityFailure) waiter.fail(outcome);
      else {
        waiter.leave();
        waiter.resolve(outcome);
      }
    }
  }
}
