import { hostname } from "node:os";
import type { z } from "zod";
import type { Gateway } from "@/generated/prisma/client";
import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { shownRedis } from "@/lib/platform/redis-settings";
import { VERSION } from "@/lib/platform/version";
import type { ReportedToken } from "./contract/endpoints";
import {
  type DependencyState,
  type DeploymentGatewaysView,
  type GatewayView,
  gatewayStateSchema,
  runningSchema,
} from "./contract/gateways";
import { embeddedId, embeddedSince } from "./embedded-report";
import { notFound } from "./errors";
import { type PageQuery, pageOfSorted } from "./paging";
import { gatewayState } from "./runtime";

/** A gateway and the state of its cached backend tokens. */
interface PresentGateway {
  view: GatewayView;
  endpointTokens: readonly ReportedToken[];
}

const dependency = (there: boolean | undefined): DependencyState => (there === undefined ? null : there ? "connected" : "away");

function ownGateway(): PresentGateway {
  const { redis } = environment();
  const { ready, draining, deployments, degraded, dependencies, endpointTokens } = gatewayState();
  const view: GatewayView = {
    id: embeddedId(),
    kind: "embedded",
    self: true,
    host: hostname(),
    url: environment().gatewayUrl,
    version: VERSION,
    since: embeddedSince().toISOString(),
    seenAt: new Date().toISOString(),
    live: ready && !draining,
    status: draining ? "draining" : ready ? "serving" : "starting",
    degraded: [...degraded],
    postgres: dependency(dependencies.postgres),
    redis: dependency(dependencies.redis),
    redisServer: redis && shownRedis(redis),
    workers: 1,
    deployments,
  };
  return { view, endpointTokens };
}

/** Reads a column that a gateway of any version wrote; undefined if it's unreadable. */
const read = <T extends z.ZodType>(schema: T, value: unknown) => schema.safeParse(value).data;

/** A row with its age by the database's clock, which set `seenAt`. */
type AgedRow = Gateway & { away: boolean; recent: boolean };

function rowGateway(row: AgedRow): PresentGateway {
  const state = read(gatewayStateSchema, row.state);
  const status = state?.draining ? "draining" : state?.ready ? "serving" : "starting";
  const view: GatewayView = {
    id: row.id,
    kind: row.kind === "embedded" ? "embedded" : "data-plane",
    self: false,
    host: row.host,
    url: row.address,
    version: row.version,
    since: row.since.toISOString(),
    seenAt: row.seenAt.toISOString(),
    live: row.recent && status === "serving",
    status: row.away ? "away" : status,
    degraded: state?.degraded ?? [],
    postgres: dependency(state?.dependencies.postgres),
    redis: dependency(state?.dependencies.redis),
    redisServer: state?.redisServer ?? null,
    workers: state?.workers ?? 1,
    deployments: read(runningSchema, row.deployments) ?? [],
  };
  return { view, endpointTokens: state?.endpointTokens ?? [] };
}

/**
 * Returns the gateways seen within the last hour, by ID: this process's current state and the others' last reports. A gateway
 * is offline 15 seconds after its last report.
 */
async function allGateways(): Promise<PresentGateway[]> {
  const rows = await database().$queryRaw<AgedRow[]>`
    SELECT *, "seenAt" < timezone('utc', now()) - interval '15 seconds' AS "away",
      "seenAt" > timezone('utc', now()) - interval '12 seconds' AS "recent" FROM "Gateway"
    WHERE "seenAt" > timezone('utc', now()) - interval '1 hour' AND "id" <> ${embeddedId()}`;
  return [ownGateway(), ...rows.map(rowGateway)].sort((a, b) => (a.view.id < b.view.id ? -1 : 1));
}

/** Returns the gateways that serve or start, by ID: neither offline nor draining. */
export async function presentGateways(): Promise<PresentGateway[]> {
  const all = await allGateways();
  return all.filter(({ view: { status } }) => status !== "away" && status !== "draining");
}

/** Returns a page of the gateways seen within the last hour, by ID. */
export async function listGateways(query: PageQuery) {
  const all = (await allGateways()).map(({ view }) => view);
  return pageOfSorted({ list: "gateways" }, all, ({ id }) => id, query);
}

/** Returns the gateways and the deployment of this API each is running. @throws ManagementError 404 */
export async function listDeploymentGateways(apiId: string, number: number): Promise<DeploymentGatewaysView> {
  const stored = await database().deployment.findUnique({ where: { apiId_number: { apiId, number } }, select: { number: true } });
  if (!stored) throw notFound("deployment");
  const gateways = (await presentGateways()).map(({ view: { id, kind, seenAt, deployments } }) => ({
    id,
    kind,
    number: deployments.find((running) => running.apiId === apiId)?.number ?? null,
    seenAt,
  }));
  return { live: gateways.filter((gateway) => gateway.number === number).length, of: gateways.length, gateways };
}
