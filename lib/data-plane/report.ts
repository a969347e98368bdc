import type { EndpointTokenReport } from "@/lib/gateway/token-report";
import type { RedisServer } from "@/lib/platform/redis-settings";
import type { Health } from "./health";
import type { Postgres } from "./postgres";

/** What a gateway says of itself in the database, where the console shows it. */
export interface GatewayReport {
  deployments: readonly { apiId: string; number: number }[];
  state: {
    ready: boolean;
    draining: boolean;
    degraded: readonly string[];
    workers: number;
    dependencies: Health["dependencies"];
    endpointTokens: readonly EndpointTokenReport[];
  };
}

/** Writes one gateway's row. All times are the database's, so that no clock has to agree with another. */
export interface Reporter {
  /** Writes what has changed, or only that this gateway still lives. */
  send(report: GatewayReport): Promise<void>;
  /** Takes the row away: this gateway ends and is not missed. */
  remove(): Promise<void>;
}

const NOW = "timezone('utc', now())";
const UPSERT = `INSERT INTO "Gateway" ("id", "kind", "host", "address", "version", "since", "seenAt", "deployments", "state")
  VALUES ($1, 'data-plane', $2, $3, $4, timezone('utc', $5::timestamptz), ${NOW}, $6::jsonb, $7::jsonb)
  ON CONFLICT ("id") DO UPDATE SET "kind" = excluded."kind", "host" = excluded."host", "address" = excluded."address",
    "version" = excluded."version", "since" = excluded."since", "seenAt" = excluded."seenAt",
    "deployments" = excluded."deployments", "state" = excluded."state"`;
const TOUCH = `UPDATE "Gateway" SET "seenAt" = ${NOW} WHERE "id" = $1 AND "since" = timezone('utc', $2::timestamptz) RETURNING 1`;
const FORGET = `DELETE FROM "Gateway" WHERE "seenAt" < ${NOW} - interval '1 hour'`;

/** What of a gateway stays as it is while it runs. */
export interface GatewayIdentity {
  id: string;
  host: string;
  address: string;
  version: string;
  since: Date;
  /** The Redis that it is configured with; null for none. */
  redisServer: RedisServer | null;
}

/** Reports a data plane by the given connection. */
export function createReporter(postgres: Postgres, identity: GatewayIdentity): Reporter {
  const { id, host, address, version, redisServer } = identity;
  const since = identity.since.toISOString();
  let written: string | null = null;
  return {
    async send({ deployments, state }) {
      const values = [JSON.stringify(deployments), JSON.stringify({ ...state, redisServer })];
      const text = values.join("\n");
      if (text === written && (await postgres.query(TOUCH, [id, since])).length > 0) return;
      await postgres.query(UPSERT, [id, host, address, version, since, ...values]);
      await postgres.query(FORGET);
      written = text;
    },
    async remove() {
      await postgres.query(`DELETE FROM "Gateway" WHERE "id" = $1 AND "since" = timezone('utc', $2::timestamptz)`, [id, since]);
    },
  };
}
