import { findBuiltinServer } from "@/lib/authorization-server/servers";
import { trustedProxies } from "@/lib/client-address/trusted-proxies";
import type { CompileProblem } from "@/lib/gateway/compile/snapshots";
import { createGateway, type Gateway } from "@/lib/gateway/gateway";
import type { DeployedApi } from "@/lib/gateway/ports";
import {
  failingTokenKey,
  failingTokenProblems,
  failingTokens,
  TOKEN_FAILS,
  TOKEN_WORKS,
  tokenReports,
} from "@/lib/gateway/telemetry/token-report";
import { sampleCalls } from "@/lib/platform/call-sampling";
import { database } from "@/lib/platform/database";
import { DatabaseUnavailable, STALE_AFTER_MS, unavailability, within } from "@/lib/platform/database-unavailable";
import { environment } from "@/lib/platform/env";
import { callLog, logger } from "@/lib/platform/log";
import { type News, news } from "@/lib/platform/news";
import { outbound } from "@/lib/platform/outbound/own";
import { failureLog, type Problem } from "@/lib/platform/problems";
import { announceDeployments, subscribeToDeployments } from "@/lib/platform/redis";
import { sharedPolicyCounters } from "@/lib/platform/redis-policy-counters";
import { sharedProofs } from "@/lib/platform/redis-proofs";
import { singleton } from "@/lib/platform/singleton";
import { createTokenEpochs, type TokenEpochs } from "@/lib/platform/token-drops";
import { type TokenSharing, tokenSharing } from "@/lib/platform/token-sharing";
import { referencesOf } from "./api-view";
import { box } from "./context";
import { embeddedMetrics } from "./embedded-metrics";
import { surroundings } from "./embedded-report";
import { type EmbeddedTokens, embeddedTokens } from "./embedded-tokens";
import { ManagementError } from "./errors";

/** How often this gateway looks for deployments that another process made, and for tokens that were ended. */
const POLL_MS = 500;

/** How long a write waits until this gateway serves what it wrote, and a request until there is something to serve, in milliseconds. */
const REFRESH_TIMEOUT_MS = 10_000;
const FIRST_LOAD_TIMEOUT_MS = 5000;

const REDIS_AWAY =
  "Redis is away: deployments of other processes arrive by polling; tokens of backends, counts and used DPoP proofs are not shared with other gateways.";
const TOKENS_NOT_SHARED = "Tokens of backends are not shared with other gateways; the log says why.";

interface Runtime {
  gateway: Gateway;
  tokens: EmbeddedTokens;
  /** How often tokens of backends were dropped by hand. */
  epochs: TokenEpochs;
  /** How tokens of backends are shared; null without Redis. */
  sharing: TokenSharing | null;
  since: Date;
  /** What the gateway was handed last: API id to deployment number. */
  handed: Map<string, DeployedApi>;
  ready: boolean;
  /** The last look at the database failed. */
  unreadable: boolean;
  /** Milliseconds of `performance.now()` when the database answered last. */
  answeredAt: number;
  /** What a look that failed half way had read; deployments never change. */
  readAhead: Map<string, DeployedApi>;
  problems: News<CompileProblem>;
  /** The deployments that could not be taken over. */
  failed: readonly CompileProblem[];
  redisAway: boolean;
  /** The process was told to end. */
  draining: boolean;
  /** The refresh that runs now, and the one that waits for it. */
  running: Promise<void> | null;
  queued: Promise<void> | null;
}

function createRuntime(): Runtime {
  const { publicUrl, gatewayUrl, trustedProxies: proxies, callLogPercent } = environment();
  const write = sampleCalls(callLog(), callLogPercent);
  const metrics = embeddedMetrics();
  const tokens = embeddedTokens();
  const epochs = createTokenEpochs();
  const sharing = tokenSharing(box());
  const gateway = createGateway(
    {
      now: Date.now,
      log: (record, steps) => {
        write(record);
        metrics.observe(record, steps);
      },
      builtinServer: findBuiltinServer,
      endedTokens: tokens.endedTokens,
      opaqueToken: tokens.opaqueToken,
      sharedTokens: sharing?.options ?? null,
      tokenEpoch: epochs.of,
      usedProofs: sharedProofs(),
      counters: sharedPolicyCounters(),
    },
    {
      publicUrl: gatewayUrl,
      mount: "/gateway",
      metadataUrl: `${publicUrl}/.well-known/oauth-protected-resource/gateway`,
      outbound: outbound(),
      trustsProxy: trustedProxies(proxies),
      sharesConsoleOrigin: true,
    },
  );
  const runtime: Runtime = {
    gateway,
    tokens,
    epochs,
    sharing,
    since: new Date(),
    handed: new Map(),
    ready: false,
    unreadable: false,
    answeredAt: performance.now(),
    readAhead: new Map(),
    problems: news(({ apiId, deploymentNumber }) => `${apiId} ${deploymentNumber}`),
    failed: [],
    redisAway: false,
    draining: false,
    running: null,
    queued: null,
  };
  // Next ends the process when its calls have their answers; until then nobody is to send more.
  process.once("SIGTERM", () => {
    runtime.draining = true;
  });
  subscribeToDeployments(
    () => void refresh(runtime).catch(() => undefined),
    (away) => {
      if (away !== null)
        logger().warn(
          { reason: away },
          "Redis is away; deployments of other processes arrive by polling, and nothing is shared with other gateways",
        );
      else if (runtime.redisAway) logger().info("Redis is there again");
      runtime.redisAway = away !== null;
    },
  );
  setInterval(() => {
    // A read that hangs has not failed yet.
    if (isStale(runtime)) noteReading(runtime, new DatabaseUnavailable("Postgres doesn't answer."));
    if (runtime.running) return;
    refresh(runtime).then(
      () => noteReading(runtime, null),
      (error: unknown) => noteReading(runtime, error),
    );
  }, POLL_MS).unref();
  return runtime;
}

const runtime = () => singleton("gateway-runtime", createRuntime);

/** Whether the database has answered nothing for a while. */
const isStale = (state: Runtime): boolean => performance.now() - state.answeredAt > STALE_AFTER_MS;

/** Logs when the database can no longer be read, and when it can again. */
function noteReading(state: Runtime, error: unknown): void {
  if (error !== null && !state.unreadable)
    logger().warn({ err: error }, "deployments could not be read; the gateway goes on with what it has");
  if (error === null && state.unreadable) logger().info("deployments can be read again");
  state.unreadable = error !== null;
}

/** Reads which tokens have ended or were dropped and which deployments are active, loads those that are new, and hands the whole set to the gateway at once. */
async function load(state: Runtime): Promise<void> {
  await state.tokens.refresh();
  state.answeredAt = performance.now();
  const db = database();
  state.epochs.take(await db.endpointTokenDrop.findMany());
  const active = await db.api.findMany({ where: { activeNumber: { not: null } }, select: { id: true, activeNumber: true } });
  state.answeredAt = performance.now();
  const isHanded = (apiId: string, number: number | null) => state.handed.get(apiId)?.deploymentNumber === number;
  const serving = new Map(state.gateway.running().map((entry) => [entry.apiId, entry.deploymentNumber]));
  if (
    state.ready &&
    active.length === state.handed.size &&
    active.every((api) => isHanded(api.id, api.activeNumber) && serving.get(api.id) === api.activeNumber)
  )
    return;
  const next = new Map<string, DeployedApi>();
  for (const { id, activeNumber } of active) {
    const known = [state.handed.get(id), state.readAhead.get(id)].find((deployed) => deployed?.deploymentNumber === activeNumber);
    const deployed = known ?? (await loadDeployment(id, activeNumber ?? 0));
    state.answeredAt = performance.now();
    if (!deployed) continue;
    next.set(id, deployed);
    state.readAhead.set(id, deployed);
  }
  const problems = await state.gateway.replace([...next.values()]);
  for (const problem of state.problems.of(problems)) logger().error({ problem }, "a deployment could not be taken over");
  state.handed = next;
  state.readAhead.clear();
  state.failed = problems;
  state.ready = true;
}

/** A deployment as it is stored. What is wrong with one is found when it is compiled, so that it stops no other. */
async function loadDeployment(apiId: string, number: number): Promise<DeployedApi | undefined> {
  const row = await database().deployment.findUnique({ where: { apiId_number: { apiId, number } } });
  if (!row) return undefined;
  const references = referencesOf(row.secrets);
  const stored = await database().secret.findMany({ where: { id: { in: Object.values(references) } } });
  const secrets = new Map(
    Object.entries(references).flatMap(([key, version]) => {
      const secret = stored.find((candidate) => candidate.id === version);
      if (!secret) return [];
      try {
        return [[key, { value: box().open(secret.ciphertext, apiId), version }] as const];
      } catch (error) {
        logger().error(
          { err: error, apiId, number, secret: key },
          "a secret of a deployment cannot be decrypted with this GATEWRIGHT_SECRET_KEY",
        );
        return [];
      }
    }),
  );
  return { apiId, deploymentNumber: number, definition: row.definition, secrets };
}

/**
 * Runs a refresh that begins after this call: one that is under way may have read the database
 * before the caller's write, so it is waited for and followed by another, which all waiting callers share.
 */
function refresh(state: Runtime): Promise<void> {
  if (!state.running) {
    state.running = load(state).finally(() => {
      state.running = null;
    });
    return state.running;
  }
  state.queued ??= state.running
    .catch(() => undefined)
    .then(() => {
      state.queued = null;
      return refresh(state);
    });
  return state.queued;
}

/**
 * Tells the other gateways that something changed, and makes this process's gateway serve what the database says now.
 * @throws ManagementError 503 when the database can't be read in time: what was written stays, and the polling loads it
 */
export async function refreshGateway(): Promise<void> {
  void announceDeployments();
  try {
    await within(refresh(runtime()), REFRESH_TIMEOUT_MS);
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
    .gateway.running()
    .some((entry) => entry.apiId === apiId && entry.deploymentNumber === number);
}

/**
 * This process's gateway, with its first deployments loaded.
 * @throws DatabaseUnavailable when the first deployments aren't there in time
 */
export async function embeddedGateway(): Promise<Gateway> {
  const state = runtime();
  if (!state.ready) await within(refresh(state), FIRST_LOAD_TIMEOUT_MS);
  return state.gateway;
}

const logTokens = () => singleton("failing-token-log", () => failureLog(failingTokenKey, TOKEN_FAILS, TOKEN_WORKS));

/** Whether the gateway has its first deployments or is about to end, since when it runs, what it serves and what is not as it should be. */
export function gatewayState() {
  const state = runtime();
  const endpointTokens = tokenReports(state.gateway.endpointTokens());
  const failing = failingTokens(endpointTokens, Date.now());
  logTokens()(failing);
  const unreadable = state.unreadable || isStale(state);
  const wrong: Problem[] = [
    ...(unreadable ? [{ problem: "postgres", message: "Postgres is away: no new deployments arrive." } as const] : []),
    ...(state.redisAway ? [{ problem: "redis", message: REDIS_AWAY } as const] : []),
    ...(!state.redisAway && state.sharing?.works() === false ? [{ problem: "token-sharing", message: TOKENS_NOT_SHARED } as const] : []),
    ...failingTokenProblems(failing),
    ...surroundings(),
    ...state.failed.map(
      ({ apiId, deploymentNumber }) =>
        ({
          problem: "deployments",
          message: `Deployment ${deploymentNumber} of ${apiId} could not be taken over; the log says why.`,
        }) as const,
    ),
  ];
  const degraded = wrong.map(({ message }) => message);
  const problems = [...new Set(wrong.map(({ problem }) => problem))];
  const deployments = state.gateway.running().map(({ apiId, deploymentNumber }) => ({ apiId, number: deploymentNumber }));
  const usesRedis = environment().redis !== null;
  const dependencies = { postgres: state.ready && !unreadable, ...(usesRedis ? { redis: !state.redisAway } : {}) };
  return {
    ready: state.ready,
    draining: state.draining,
    since: state.since,
    deployments,
    degraded,
    problems,
    dependencies,
    endpointTokens,
  };
}
