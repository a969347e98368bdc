import { hostname } from "node:os";
import type { z } from "zod";
import type { Gateway } from "@/generated/prisma/client";
import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { VERSION } from "@/lib/platform/version";
import { type PageQuery, page } from "./context";
import { type GatewayView, gatewayStateSchema, runningSchema } from "./contract/gateways";
import { gatewayState } from "./runtime";

/** How often this gateway says that it lives. */
const REPORT_MS = 5000;

/** The row of this process's gateway: one console for each host and port. */
const ownId = (): string => `embedded-${hostname()}-${environment().port}`;

function ownView(): GatewayView {
  const { ready, since, deployments, degraded } = gatewayState();
  return {
    id: ownId(),
    kind: "embedded",
    host: hostname(),
    url: environment().gatewayUrl,
    version: VERSION,
    since: since.toISOString(),
    seenAt: new Date().toISOString(),
    status: ready ? "serving" : "starting",
    degraded,
    workers: 1,
    deployments,
  };
}

/** Reads what a gateway wrote about itself, of whatever version it is: what cannot be read counts as not said. */
const read = <T extends z.ZodType>(schema: T, value: unknown) => schema.safeParse(value).data;

function rowView(row: Gateway, away: boolean): GatewayView {
  const state = read(gatewayStateSchema, row.state);
  const status = state?.draining ? "draining" : state?.ready ? "serving" : "starting";
  return {
    id: row.id,
    kind: row.kind === "embedded" ? "embedded" : "data-plane",
    host: row.host,
    url: row.address,
    version: row.version,
    since: row.since.toISOString(),
    seenAt: row.seenAt.toISOString(),
    status: away ? "away" : status,
    degraded: state?.degraded ?? [],
    workers: state?.workers ?? 1,
    deployments: read(runningSchema, row.deployments) ?? [],
  };
}

/**
 * A page of the gateways that were seen within the last hour, by id. This process's own is answered as it is now, the
 * others as they reported themselves; one that was not seen for a quarter of a minute is away.
 */
export async function listGateways(query: PageQuery) {
  const rows = await database().$queryRaw<(Gateway & { away: boolean })[]>`
    SELECT *, "seenAt" < timezone('utc', now()) - interval '15 seconds' AS "away" FROM "Gateway"
    WHERE "seenAt" > timezone('utc', now()) - interval '1 hour' AND "id" <> ${ownId()}`;
  const all = [ownView(), ...rows.map((row) => rowView(row, row.away))].sort((a, b) => (a.id < b.id ? -1 : 1));
  return page(query.cursor === undefined ? all : all.filter(({ id }) => id > (query.cursor ?? "")), query.limit);
}

/** Writes this process's row every few seconds from now on, for the other consoles and for data planes' operators. */
export function reportEmbeddedGateway(): void {
  singleton("gateway-report", () => {
    let failing = false;
    const report = async () => {
      try {
        await writeRow();
        failing = false;
      } catch (error) {
        if (!failing) logger().warn({ err: error }, "the embedded gateway could not be reported to the database");
        failing = true;
      }
    };
    void report();
    return setInterval(() => void report(), REPORT_MS).unref();
  });
}

async function writeRow(): Promise<void> {
  const { id, host, url, version, since, status, degraded, workers, deployments } = ownView();
  const state = JSON.stringify({ ready: status === "serving", draining: false, degraded, workers });
  const numbers = JSON.stringify(deployments);
  await database().$executeRaw`INSERT INTO "Gateway" ("id", "kind", "host", "address", "version", "since", "seenAt", "deployments", "state")
    VALUES (${id}, 'embedded', ${host}, ${url}, ${version}, timezone('utc', ${since}::timestamptz), timezone('utc', now()), ${numbers}::jsonb, ${state}::jsonb)
    ON CONFLICT ("id") DO UPDATE SET "address" = excluded."address", "version" = excluded."version", "since" = excluded."since",
      "seenAt" = excluded."seenAt", "deployments" = excluded."deployments", "state" = excluded."state"`;
  await database().$executeRaw`DELETE FROM "Gateway" WHERE "seenAt" < timezone('utc', now()) - interval '1 hour'`;
}
