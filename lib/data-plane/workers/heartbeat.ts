/** How often each worker is asked for a sign of life, in milliseconds. */
const PING_MS = 1000;
/** How long a worker may say nothing before it counts as hung, in milliseconds. */
export const HUNG_AFTER_MS = 5000;

/** Finds workers whose event loop no longer turns: stopped, or in a loop without an end. */
export interface Heartbeat<Member> {
  /** The worker said something. */
  heard(member: Member): void;
  stop(): void;
}

/**
 * Asks each member once a second and reports each that says nothing for {@link HUNG_AFTER_MS}, once.
 * @param members those of whom an answer can be expected now
 */
export function createHeartbeat<Member extends object>(
  members: () => readonly Member[],
  ping: (member: Member) => void,
  onHung: (member: Member) => void,
  now: () => number = () => performance.now(),
): Heartbeat<Member> {
  let heardAt = new WeakMap<Member, number>();
  let lookedAt = now();
  const timer = setInterval(() => {
    const at = now();
    // This process was held up itself, as with a machine that was suspended: its silence says nothing of the others'.
    if (at - lookedAt > PING_MS + HUNG_AFTER_MS / 2) heardAt = new WeakMap();
    lookedAt = at;
    for (const member of members()) {
      const last = heardAt.get(member) ?? at;
      heardAt.set(member, last);
      if (at - last > HUNG_AFTER_MS) {
        heardAt.set(member, Number.POSITIVE_INFINITY);
        onHung(member);
      } else ping(member);
    }
  }, PING_MS);
  timer.unref();
  return {
    heard: (member) => void heardAt.set(member, now()),
    stop: () => clearInterval(timer),
  };
}
