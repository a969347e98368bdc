import type { Refusal } from "../errors";
import type { Permit } from "../exchange";
import type { TokenCheck } from "../resources/contract";
import type { Call } from "./call";

/** Every open call is looked at once in this time, a part of them at a time. */
const ROUND_MS = 300;
const PARTS = 3;
/** How often a token is asked about that only a server elsewhere knows; its cache answers in between. */
const ASK_AGAIN_MS = 30_000;
/** A call goes on for this long while nobody can say whether its token is still valid. */
const UNANSWERED_MS = 300_000;

const CLOSE = ["connection", "close"];
const UNDEPLOYED: Refusal = { code: "API_NOT_FOUND", reason: "The API was undeployed while the call was open.", headers: CLOSE };

interface Entry {
  readonly call: Call;
  /** Gives back the token checkers, which may be those of a deployment that has been replaced. */
  readonly letGo: (() => void) | undefined;
  /** When tokens of other servers are asked about again, in milliseconds since the epoch. */
  askAt: number;
}

/**
 * The calls that take their time: WebSocket, responses whose body is still coming, and uploads. Each ends with what permits it:
 * with its token, or with its API. A token is asked about where it was let in: a deployment that has replaced the call's own may
 * know another server. One timer watches all of them, and none while there are none.
 */
export class OpenCalls {
  readonly #entries = new Map<Call, Entry>();
  /** Since when nobody could say whether a token is valid, in milliseconds since the epoch. */
  readonly #unansweredSince = new WeakMap<Permit, number>();
  #round: Iterator<Entry> | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param now milliseconds since the epoch */
  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.#entries.size;
  }

  /** Watches a call until `remove`. Adding it twice does nothing. */
  add(call: Call): void {
    if (this.#entries.has(call)) return;
    // Those that began together do not ask together.
    const askAt = this.now() + ASK_AGAIN_MS * (0.5 + Math.random() / 2);
    this.#entries.set(call, { call, letGo: call.served?.api?.holdCheckers(), askAt });
    this.#timer ??= setInterval(() => this.#look(Math.ceil(this.#entries.size / PARTS)), ROUND_MS / PARTS).unref();
  }

  remove(call: Call): void {
    const entry = this.#entries.get(call);
    if (entry === undefined) return;
    this.#entries.delete(call);
    entry.letGo?.();
    if (this.#entries.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#round = null;
  }

  /** Ends the calls of every API that is not deployed any more, and looks at all others at once: a token may have ended. */
  keepApis(isDeployed: (apiId: string) => boolean): void {
    for (const { call } of this.#entries.values()) if (call.served && !isDeployed(call.served.apiId)) this.#end(call, UNDEPLOYED);
    for (const entry of this.#entries.values()) this.#check(entry);
  }

  #look(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#round ??= this.#entries.values();
      const { value, done } = this.#round.next();
      if (done) {
        this.#round = null;
        return;
      }
      this.#check(value);
    }
  }

  #check(entry: Entry): void {
    const { permits } = entry.call;
    if (permits === undefined) return;
    const now = this.now();
    const asks = now >= entry.askAt;
    if (asks) entry.askAt = now + ASK_AGAIN_MS;
    for (const permit of permits) {
      if (permit.expiresAtMs !== null && permit.expiresAtMs <= now)
        this.#end(entry.call, this.#refusal(entry.call, "The token has expired."));
      else if (permit.checker.isLocal === true || asks) this.#ask(entry.call, permit);
    }
  }

  #ask(call: Call, permit: Permit): void {
    const { checker, token } = permit;
    const take = (check: TokenCheck) => {
      if (check.outcome === "active") this.#unansweredSince.delete(permit);
      else if (check.outcome === "inactive" || check.outcome === "missingServer") this.#end(call, this.#refusal(call, check.reason));
      else this.#bear(call, permit, check.reason);
    };
    try {
      const check = checker.check(token);
      if (check instanceof Promise) check.then(take, () => undefined);
      else take(check);
    } catch {
      // The next round asks again.
    }
  }

  /** A server that cannot be asked says nothing about the token, for a while. */
  #bear(call: Call, permit: Permit, reason: string): void {
    const now = this.now();
    const since = this.#unansweredSince.get(permit) ?? now;
    this.#unansweredSince.set(permit, since);
    if (now - since < UNANSWERED_MS) return;
    const headers = ["retry-after", "1", ...CLOSE];
    this.#end(call, { code: "OAUTH2_SERVER_UNAVAILABLE", reason: `The token could not be checked for 5 minutes: ${reason}`, headers });
  }

  #refusal(call: Call, reason: string): Refusal {
    const challenge = call.served?.api?.endedChallenge;
    return {
      code: "OAUTH2_INVALID_ACCESS_TOKEN",
      reason,
      headers: challenge === undefined ? CLOSE : ["www-authenticate", challenge, ...CLOSE],
    };
  }

  #end(call: Call, refusal: Refusal): void {
    if (!this.#entries.has(call)) return;
    this.remove(call);
    call.ended = refusal;
    // What is done for the call ends as it does when its client leaves.
    call.request.caller.leave();
  }
}
