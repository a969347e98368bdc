import { STATUS_CODES } from "node:http";
import { METHODS } from "@/lib/definition/schema";
import type { AccessRecord } from "../../ports";
import type { Labels } from "./exposition";
import { CALL_BOUNDS, Histogram, STEP_BOUNDS } from "./histogram";

/** Only known methods and statuses get their own line: clients could send any number. */
const METHOD_CODES: ReadonlyMap<string, number> = new Map(METHODS.map((method, index) => [method, index]));
const OTHER_METHOD = METHODS.length;
const KNOWN_STATUSES: ReadonlySet<number> = new Set([...Object.keys(STATUS_CODES).map(Number), 499]);

/** How many pairs of method and status one API has before further ones are counted by the status's class alone. */
const PAIRS_MAX = 100;

const methodLabel = (code: number): string => METHODS[code] ?? "other";

/** A shared counter. */
export interface Count {
  labels: Labels;
  value: number;
}

/** Counters of one API. */
export class ApiTotals {
  readonly labels: Labels;
  readonly duration = new Histogram(CALL_BOUNDS);
  readonly backend = new Histogram(CALL_BOUNDS);
  readonly policies = new Histogram(STEP_BOUNDS);
  readonly #requests = new Map<number, Count>();
  readonly #pairs = new Map<string, Count>();
  readonly #refusals = new Map<string, Count>();
  readonly #cuts = new Map<string, Count>();

  constructor(readonly api: string) {
    this.labels = { api };
  }

  /** Counts a request. */
  observe(record: AccessRecord, hadSteps: boolean): void {
    const method = METHOD_CODES.get(record.method) ?? OTHER_METHOD;
    const key = record.status * 16 + method;
    const requests = this.#requests.get(key);
    if (requests) requests.value += 1;
    else this.#firstOf(key, method, record.status).value += 1;
    this.duration.observe(record.durationMs);
    if (hadSteps) this.policies.observe(record.policiesMs);
    if (record.backendMs !== undefined) this.backend.observe(record.backendMs);
    if (record.code !== undefined) this.#count(this.#refusals, "code", record.code);
    if (record.cut !== undefined) this.#count(this.#cuts, "by", record.cut);
  }

  #firstOf(key: number, method: number, status: number): Count {
    const rare = this.#pairs.size >= PAIRS_MAX;
    const labels = {
      api: this.api,
      method: rare ? "other" : methodLabel(method),
      status: rare || !KNOWN_STATUSES.has(status) ? `${Math.floor(status / 100)}xx` : String(status),
    };
    const pair = `${labels.method} ${labels.status}`;
    const count = this.#pairs.get(pair) ?? { labels, value: 0 };
    this.#pairs.set(pair, count);
    this.#requests.set(key, count);
    return count;
  }

  /** The number of codes and sides is limited by the gateway's tables. */
  #count(counts: Map<string, Count>, label: string, value: string): void {
    const known = counts.get(value);
    if (known) known.value += 1;
    else counts.set(value, { labels: { api: this.api, [label]: value }, value: 1 });
  }

  requests(): Iterable<Count> {
    return this.#pairs.values();
  }

  refusals(): Iterable<Count> {
    return this.#refusals.values();
  }

  cuts(): Iterable<Count> {
    return this.#cuts.values();
  }
}
