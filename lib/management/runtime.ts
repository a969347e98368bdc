import { findBuiltinServer } from "@/lib/authorization-server/servers";
import { trustedProxies } from "@/lib/client-address/trusted-proxies";
import type { Gateway } from "@/lib/gateway/gateway";
import type { GatewayMetrics } from "@/lib/gateway/telemetry/metrics";
import type { EndpointTokenReport } from "@/lib/gateway/telemetry/token-report";
import type { Health } from "@/lib/gateway-host/health";
import { createHost, type Host } from "@/lib/gateway-host/host";
import { createKeeper } from "@/lib/gateway-host/keeper";
import type { Keeper } from "@/lib/gateway-host/keeper-parts";
import { createSource } from "@/lib/gateway-host/source";
import { unavailability, within } from "@/lib/platform/database-unavailable";
import { environment } from "@/lib/platform/env";
import { outbound } from "@/lib/platform/outbound/own";
import { announceDeployments, subscribeToDeployments } from "@/lib/platform/redis";
import { sharedProofs } from "@/lib/platform/redis-proofs";
import { shownRedis } from "@/lib/platform/redis-settings";
import { singleton } from "@/lib/platform/singleton";
import { box } from "./context";
import { embeddedDatabase } from "./embedded-database";
import { embeddedReporter, watchEmbeddedDisk } from "./embedded-report";
import { ManagementError } from "./errors";

/** How long a write waits until this gateway serves it, in milliseconds. */
const REFRESH_TIMEOUT_MS = 10_000;
/** How long a request waits for the first deployments, in milliseconds. */
const FIRST_LOAD_TIMEOUT_MS = 5000;

interface Runtime {
  host: Host;
  keeper: Keeper;
}

function createRuntime(): Runtime {
  const { publicUrl, gatewayUrl, trustedProxies: proxies, callLogPercent, redis } = environment();
  const database = embeddedDatabase();
  const host = createHost({
    gateway: {
      publicUrl: gatewayUrl,
      mount: "/gateway",
      metadataUrl: `${publicUrl}/.well-known/oauth-protected-resource/gateway`,
      outbound: outbound(),
      trustsProxy: trustedProxies(proxies),
      sharesConsoleOrigin: true,
    },
    callLogPercent,
    secrets: box(),
    query: database.query,
    // A change by this process applies to the next request.
    builtinServer: findBuiltinServer,
  });
  const keeper = createKeeper({
    serving: host,
    source: createSource(database),
    reporter: embeddedReporter(),
    workers: 1,
    proofs: sharedProofs(),
    outside: watchEmbeddedDisk(),
    about: { redisServer: redis && shownRedis(redis) },
    // The console's pages and token endpoints work without any deployment.
    failsOver: false,
  });
  // Next ends the process when its in-flight requests are finished; until then no more should be sent.
  process.once("SIGTERM", () => keeper.drain());
  subscribeToDeployments(
    () => keeper.look(),
    (reason) => keeper.redisState(reason),
  );
  void keeper.start();
  return { host, keeper };
}

const runtime = () => singleton("gateway-runtime", createRuntime);

/** Creates this process's gateway, which polls the database from now on, whether it responds or not. */
export function startEmbeddedGateway(): void {
  runtime();
}

/**
 * Tells the other gateways that something changed, and makes this process's gateway serve what the database has now.
 * @throws ManagementError 503 when the database can't be read in time: what was written stays, and polling loads it
 */
export async function refreshGateway(): Promise<void> {
  void announceDeployments();
  try {
    await within(runtime().keeper.refresh(), REFRESH_TIMEOUT_MS);
  } catch (error) {
    if (unavailability(error) === undefined) throw error;
    throw new ManagementError(503, "The change is saved, but this gateway can't load it: the database can't be reached. It retries.", [], {
      "Retry-After": "2",
    });
  }
}

/** Whether this process's gateway serves exactly this deployment. */
export function isServing(apiId: string, number: number): boolean {
  return runtime()
    .host.gateway.running()
    .some((entry) => entry.apiId === apiId && entry.deploymentNumber === number);
}

/**
 * This process's gateway, with its first deployments loaded.
 * @throws DatabaseUnavailable when the first deployments aren't loaded in time
 */
export async function embeddedGateway(): Promise<Gateway> {
  const { host, keeper } = runtime();
  if (!keeper.loaded()) await within(keeper.refresh(), FIRST_LOAD_TIMEOUT_MS);
  return host.gateway;
}

/** The metrics of this process's gateway. */
export const embeddedMetrics = (): GatewayMetrics => runtime().host.metrics;

/** What this process's gateway serves, its backend tokens, and its health. */
export interface GatewayState extends Health {
  deployments: { apiId: string; number: number }[];
  endpointTokens: readonly EndpointTokenReport[];
}

/** The state of this process's gateway now. */
export function gatewayState(): GatewayState {
  const { host, keeper } = runtime();
  const deployments = host.gateway.running().map(({ apiId, deploymentNumber }) => ({ apiId, number: deploymentNumber }));
  return { ...keeper.health(), deployments, endpointTokens: host.tokenState().endpointTokens };
}
