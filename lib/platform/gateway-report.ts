import type { Query } from "./ended-tokens";
import type { Problem } from "./problems";

/** How often a gateway whose report stays the same says that it lives, in milliseconds: three times before it counts as offline. */
const HEARTBEAT_MS = 5000;
/** A clock that differs by more than this is a problem: times in tokens are whole seconds, and proofs are good for minutes. */
const CLOCK_DIFFERENCE_MAX_MS = 5000;
/** A measurement that took longer says nothing. */
const MEASUREMENT_MAX_MS = 2000;
/** How long it takes until another gateway of the same name, which is no longer heard of, counts as gone. */
const NAME_SHARED_MS = 6 * HEARTBEAT_MS;
const FORGET_EVERY_MS = 60_000;

/** What of a gateway stays as it is while it runs. */
export interface GatewayIdentity {
  id: string;
  kind: "embedded" | "data-plane";
  host: string;
  address: string;
  version: string;
  since: Date;
}

/** What a gateway says of itself in the database, where the console shows it. */
export interface GatewayReport {
  deployments: readonly { apiId: string; number: number }[];
  state: object;
}

/** Writes one gateway's row. All times are the database's, so that no clock has to agree with another. */
export interface Reporter {
  /** Writes what has changed, or now and then only that this gateway still lives. May be called as often as one likes. */
  send(report: GatewayReport): Promise<void>;
  /** What reporting has shown: a clock that differs from the database's, another gateway of the same name. */
  problems(): readonly Problem[];
  /** Takes the row away: this gateway ends and is not missed. */
  remove(): Promise<void>;
}

const UTC = "timezone('utc', now())";
/** Milliseconds since the epoch at the moment of the statement, as a number. */
const CLOCK = "RETURNING (extract(epoch from clock_timestamp()) * 1000)::double precision AS now";
const UPSERT = `INSERT INTO "Gateway" ("id", "kind", "host", "address", "version", "since", "seenAt", "deployments", "state")
  VALUES ($1, $2, $3, $4, $5, timezone('utc', $6::timestamptz), ${UTC}, $7::jsonb, $8::jsonb)
  ON CONFLICT ("id") DO UPDATE SET "kind" = excluded."kind", "host" = excluded."host", "address" = excluded."address",
    "version" = excluded."version", "since" = excluded."since", "seenAt" = excluded."seenAt",
    "deployments" = excluded."deployments", "state" = excluded."state" ${CLOCK}`;
const OWN = `"Gateway" WHERE "id" = $1 AND "since" = timezone('utc', $2::timestamptz)`;
/** Leaves the row's large values where they are: Postgres writes a few hundred bytes. */
const TOUCH = `UPDATE "Gateway" SET "seenAt" = ${UTC} WHERE "id" = $1 AND "since" = timezone('utc', $2::timestamptz) ${CLOCK}`;
const OTHER = `SELECT 1 FROM "Gateway" WHERE "id" = $1 AND "since" <> timezone('utc', $2::timestamptz)`;
const FORGET = `DELETE FROM "Gateway" WHERE "seenAt" < ${UTC} - interval '1 hour'`;

const nowOf = (row: unknown): number | null =>
  typeof row === "object" && row !== null && "now" in row && typeof row.now === "number" ? row.now : null;

/** Reports a gateway by the given connection. */
export function createReporter(query: Query, identity: GatewayIdentity): Reporter {
  const { id, kind, host, address, version } = identity;
  const since = identity.since.toISOString();
  let written: string | null = null;
  let touchedAt = Number.NEGATIVE_INFINITY;
  let forgotAt = Number.NEGATIVE_INFINITY;
  let sharedAt = Number.NEGATIVE_INFINITY;
  /** By how much the database's clock is ahead of this machine's, in milliseconds. */
  let clockDifferenceMs = 0;

  /** Runs a statement that answers the database's time, and compares it with the middle of the time that it took. */
  const timed = async (text: string, values: readonly unknown[]): Promise<boolean> => {
    const began = performance.now();
    const beganAt = Date.now();
    const [row] = await query(text, values);
    const tookMs = performance.now() - began;
    const now = nowOf(row);
    if (now !== null && tookMs < MEASUREMENT_MAX_MS) clockDifferenceMs = now - (beganAt + tookMs / 2);
    return now !== null;
  };

  return {
    async send({ deployments, state }) {
      const values = [JSON.stringify(deployments), JSON.stringify(state)];
      const text = values.join("\n");
      const isSame = text === written;
      if (isSame && performance.now() - touchedAt < HEARTBEAT_MS) return;
      if (!(isSame && (await timed(TOUCH, [id, since])))) {
        // A row that is not as this gateway wrote it was written by another one of the same name.
        if (written !== null && (await query(OTHER, [id, since])).length > 0) sharedAt = performance.now();
        await timed(UPSERT, [id, kind, host, address, version, since, ...values]);
        written = text;
      }
      touchedAt = performance.now();
      if (touchedAt - forgotAt < FORGET_EVERY_MS) return;
      await query(FORGET);
      forgotAt = touchedAt;
    },
    problems() {
      const problems: Problem[] = [];
      if (Math.abs(clockDifferenceMs) > CLOCK_DIFFERENCE_MAX_MS)
        problems.push({
          problem: "clock",
          message:
            "This machine's clock differs from the database's by more than 5 s. Synchronize both: times in tokens are checked with it.",
        });
      if (performance.now() - sharedAt < NAME_SHARED_MS)
        problems.push({
          problem: "name",
          message: `Another gateway reports under the name ${id}. Give each its own name (GATEWRIGHT_INSTANCE), or host and port.`,
        });
      return problems;
    },
    async remove() {
      await query(`DELETE FROM ${OWN}`, [id, since]);
    },
  };
}
