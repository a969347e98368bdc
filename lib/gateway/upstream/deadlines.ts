/** Something that is given up when its time is over. Whoever makes one leaves the links to the list. */
export interface Deadline {
  /** By `performance.now()`. */
  dueAt: number;
  previous: Deadline | null;
  next: Deadline | null;
  /** The time is over. It has been taken off the list. */
  expire(): void;
}

/**
 * Watches over things that all have the same time, so that their list is in order by itself and one timer is enough for all of
 * them: a timer for each call would cost more than its routing.
 */
export class Deadlines {
  #first: Deadline | null = null;
  #last: Deadline | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(readonly milliseconds: number) {}

  /** Begins the time of something that is on no list. */
  add(item: Deadline): void {
    item.dueAt = performance.now() + this.milliseconds;
    item.previous = this.#last;
    item.next = null;
    if (this.#last) this.#last.next = item;
    else this.#first = item;
    this.#last = item;
    this.#timer ??= this.#wait(this.milliseconds);
  }

  /** Takes something off the list. What is not on it stays as it is. */
  remove(item: Deadline): void {
    if (item.previous) item.previous.next = item.next;
    else if (this.#first === item) this.#first = item.next;
    else return;
    if (item.next) item.next.previous = item.previous;
    else this.#last = item.previous;
    item.previous = null;
    item.next = null;
  }

  /** Begins the time of something that is on the list anew. */
  refresh(item: Deadline): void {
    this.remove(item);
    this.add(item);
  }

  #wait(milliseconds: number): NodeJS.Timeout {
    // The connections of what is watched keep the process alive, not the watch.
    return setTimeout(() => this.#sweep(), milliseconds).unref();
  }

  #sweep(): void {
    this.#timer = null;
    const now = performance.now();
    for (let item = this.#first; item && item.dueAt <= now; item = this.#first) {
      this.remove(item);
      item.expire();
    }
    // A timer may come a little early; at least a millisecond keeps it from coming again and again.
    if (this.#first) this.#timer ??= this.#wait(Math.max(1, Math.ceil(this.#first.dueAt - now)));
  }
}
