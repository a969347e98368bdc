import type { Refusal } from "../errors";
import type { Permit } from "../exchange";
import type { TokenCheck } from "../resources/contract";
import type { Call } from "./call";

/** Each open request is checked once per interval, in batches. */
const ROUND_MS = 300;
const PARTS = 3;
/** Introspection interval for tokens of external servers. */
const ASK_AGAIN_MS = 30_000;
/** How long a request stays open while its token can't be checked. */
const UNANSWERED_MS = 300_000;

const CLOSE = ["connection", "close"];
const UNDEPLOYED: Refusal = { code: "API_NOT_FOUND", reason: "The API was undeployed while the request was open.", headers: CLOSE };

interface Entry {
  readonly call: Call;
  /** Releases the token checkers, which can belong to a replaced deployment. */
  readonly letGo: (() => void) | undefined;
  /** Next introspection, in milliseconds since the epoch. */
  askAt: number;
}

/**
 * Open requests: WebSockets, streaming responses, and uploads. Each ends when its token becomes invalid or its API is
 * undeployed. Tokens are checked by the deployment that accepted them: a newer one may use another server. One timer watches all
 * open requests; none runs without them.
 */
export class OpenCalls {
  readonly #entries = new Map<Call, Entry>();
  /** Since when tokens can't be checked, in milliseconds since the epoch. */
  readonly #unansweredSince = new WeakMap<Permit, number>();
  #round: Iterator<Entry> | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param now milliseconds since the epoch */
  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.#entries.size;
  }

  /** Watches a request until `remove`. Idempotent. */
  add(call: Call): void {
    if (this.#entries.has(call)) return;
    // Spread the introspection of requests that started together.
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

  /** Ends requests of undeployed APIs and checks all others now: a token may have been revoked. */
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
      // The next round retries.
    }
  }

  /** Tolerates an unreachable server for a while. */
  #bear(call: Call, permit: Permit, reason: string): void {
    const now = this.now();
    const since = this.#unansweredSince.get(permit) ?? now;
    this.#unansweredSince.set(permit, since);
    if (now - since < UNANSWERED_MS) return;
    const headers = ["retry-after", "1", ...CLOSE];
    this.#end(call, { code: "OAUTH2_SERVER_UNAVAILABLE", reason: `The token couldn't be checked for 5 minutes: ${reason}`, headers });
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
    // Cancel the request's work as if its client had disconnected.
    call.request.caller.leave();
  }
}
