import type { Problem } from "@/lib/platform/problems";
import type { Query } from "@/lib/platform/query";

/** Heartbeat interval of an unchanged report. A gateway is offline after three missed heartbeats. */
const HEARTBEAT_MS = 5000;
/** Maximum clock difference: token times have a resolution of 1 second, and DPoP proofs are valid for minutes. */
const CLOCK_DIFFERENCE_MAX_MS = 5000;
/** Slower measurements are ignored. */
const MEASUREMENT_MAX_MS = 2000;
/** How long a name conflict is reported after the other gateway's last report. */
const NAME_SHARED_MS = 6 * HEARTBEAT_MS;
const FORGET_EVERY_MS = 60_000;

/** The constant fields of a running gateway. */
export interface GatewayIdentity {
  id: string;
  kind: "embedded" | "data-plane";
  host: string;
  address: string;
  version: string;
  since: Date;
}

/** A gateway's report, shown by the console. */
export interface GatewayReport {
  deployments: readonly { apiId: string; number: number }[];
  state: object;
}

/** Writes one gateway's row. All times come from the database's clock. */
export interface Reporter {
  /** Writes a changed report, or a heartbeat when due. Cheap to call often. */
  send(report: GatewayReport): Promise<void>;
  /** Detected problems: a wrong clock, or another gateway with the same name. */
  problems(): readonly Problem[];
  /** Deletes the row on shutdown. */
  remove(): Promise<void>;
}

const UTC = "timezone('utc', now())";
/** The database's time in milliseconds since the epoch. */
const CLOCK = "RETURNING (extract(epoch from clock_timestamp()) * 1000)::double precision AS now";
const UPSERT = `INSERT INTO "Gateway" ("id", "kind", "host", "address", "version", "since", "seenAt", "deployments", "state")
  VALUES ($1, $2, $3, $4, $5, timezone('utc', $6::timestamptz), ${UTC}, $7::jsonb, $8::jsonb)
  ON CONFLICT ("id") DO UPDATE SET "kind" = excluded."kind", "host" = excluded."host", "address" = excluded."address",
    "version" = excluded."version", "since" = excluded."since", "seenAt" = excluded."seenAt",
    "deployments" = excluded."deployments", "state" = excluded."state" ${CLOCK}`;
const OWN = `"Gateway" WHERE "id" = $1 AND "since" = timezone('utc', $2::timestamptz)`;
/** Doesn't rewrite the row's large values. */
const TOUCH = `UPDATE "Gateway" SET "seenAt" = ${UTC} WHERE "id" = $1 AND "since" = timezone('utc', $2::timestamptz) ${CLOCK}`;
const OTHER = `SELECT 1 FROM "Gateway" WHERE "id" = $1 AND "since" <> timezone('utc', $2::timestamptz)`;
const FORGET = `DELETE FROM "Gateway" WHERE "seenAt" < ${UTC} - interval '1 hour'`;

const nowOf = (row: unknown): number | null =>
  typeof row === "object" && row !== null && "now" in row && typeof row.now === "number" ? row.now : null;

/** Creates a reporter for one gateway. */
export function createReporter(query: Query, identity: GatewayIdentity): Reporter {
  const { id, kind, host, address, version } = identity;
  const since = identity.since.toISOString();
  let written: string | null = null;
  let touchedAt = Number.NEGATIVE_INFINITY;
  let forgotAt = Number.NEGATIVE_INFINITY;
  let sharedAt = Number.NEGATIVE_INFINITY;
  /** The database's clock minus this machine's. */
  let clockDifferenceMs = 0;

  /** Runs a statement that returns the database's time, and compares it with the middle of the round trip. */
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
        // A row that differs from the last write comes from another gateway with the same name.
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
            "This machine's clock differs from the database's by more than 5 s, which breaks token validation. Synchronize both clocks.",
        });
      if (performance.now() - sharedAt < NAME_SHARED_MS)
        problems.push({
          problem: "name",
          message: `Another gateway uses the name ${id}. Set a unique GATEWRIGHT_INSTANCE for each.`,
        });
      return problems;
    },
    async remove() {
      await query(`DELETE FROM ${OWN}`, [id, since]);
    },
  };
}
