import { type Deadline, Deadlines } from "../upstream/deadlines";
import type { AuthorizedCall } from "./contract";
import { EndpointSecurityFailure } from "./failure";
import type { KeptToken } from "./kept-token";

/** One call that waits for a token, until it is there, the call's time is over, or its caller goes away. */
class Waiter implements Deadline {
  dueAt = 0;
  previous: Deadline | null = null;
  next: Deadline | null = null;

  constructor(
    private readonly waiters: Waiters,
    private readonly caller: AuthorizedCall["caller"],
    readonly resolve: (token: KeptToken) => void,
    readonly reject: (failure: EndpointSecurityFailure) => void,
  ) {}

  expire(): void {
    const { milliseconds } = this.waiters.deadlines;
    this.fail(new EndpointSecurityFailure("timeout", `The call waited ${milliseconds} ms for a token of its endpoint.`));
  }

  /** Its listener is taken away: the backend's call sets one of its own. */
  leave(): void {
    this.waiters.remove(this);
    this.caller.whenGone(null);
  }

  fail(failure: EndpointSecurityFailure): void {
    this.leave();
    this.reject(failure);
  }
}

/** The calls of one deployment's endpoint that wait for one token. There is a limit to them, so that a token endpoint which hangs takes no more memory. */
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

  /** A token once {@link settle} is called. It rejects with {@link EndpointSecurityFailure}. */
  wait({ caller }: AuthorizedCall): Promise<KeptToken> {
    if (this.#waiting.size >= this.max)
      return Promise.reject(new EndpointSecurityFailure("tooManyWaiting", `${this.max} calls wait for a token of this endpoint already.`));
    return new Promise((resolve, reject) => {
      const waiter = new Waiter(this, caller, resolve, reject);
      this.#waiting.add(waiter);
      this.deadlines.add(waiter);
      caller.whenGone(() =>
        waiter.fail(new EndpointSecurityFailure("callerGone", "The caller went away while its call waited for a token.")),
      );
    });
  }

  remove(waiter: Waiter): void {
    this.#waiting.delete(waiter);
    this.deadlines.remove(waiter);
  }

  /** Ends the waiting of all. */
  settle(outcome: KeptToken | EndpointSecurityFailure): void {
    for (const waiter of [...this.#waiting]) {
      if (outcome instanceof EndpointSecurityFailure) waiter.fail(outcome);
      else {
        waiter.leave();
        waiter.resolve(outcome);
      }
    }
  }
}
