import { failingTokenKey, failingTokenProblems, failingTokens, TOKEN_FAILS, TOKEN_WORKS } from "@/lib/gateway/telemetry/token-report";
import { STALE_AFTER_MS } from "@/lib/platform/database-unavailable";
import type { Reporter } from "@/lib/platform/gateway-report";
import { logger } from "@/lib/platform/log";
import { news } from "@/lib/platform/news";
import { failureLog, logProblems, type Problem, problemLog } from "@/lib/platform/problems";
import { type Assignment, keyOf, type Taken, type TakeoverProblem } from "./assignment";
import { createCopyWriter } from "./copy-writer";
import { type Health, STARTING } from "./health";
import type { LastKnownGood } from "./last-known-good";
import { PostgresAway } from "./postgres";
import type { Serving } from "./serving";
import type { Source } from "./source";
import type { TokenState } from "./token-state";

/** The pause between two looks at Postgres: with the look itself, a deployment is found within half a second. */
const POLL_MS = 450;
/** How long the first look may take before the copy on the disk is served. */
const FIRST_LOOK_MS = 2000;
/** How often what is to be reported is looked at; the reporter writes what has changed. */
const REPORT_MS = 2000;
/** How often is looked whether a look at Postgres hangs. */
const WATCH_MS = 500;

const REDIS_AWAY =
  "Redis is away: deployments arrive by polling; tokens of backends, counts and used DPoP proofs are not shared with other gateways.";
const TOKENS_NOT_SHARED = "Tokens of backends are not shared with other gateways; the log says why.";

/** What a keeper works with. */
export interface KeeperParts {
  serving: Serving;
  source: Source;
  copy: LastKnownGood;
  reporter: Reporter;
  workers: number;
  /** What is wrong outside: with the disk, for example. */
  outside?: () => readonly Problem[];
  /** What a report says beside what the keeper knows. */
  about?: object;
}

/** Keeps a gateway at what the database says. */
export interface Keeper {
  /** Resolves when the first look has been taken and, where it failed, the copy is served. The keeping goes on. */
  start(): Promise<void>;
  /** Looks at once: something was announced. */
  look(): void;
  /** Redis went away, or came back (null). */
  redisState(away: string | null): void;
  /** What is wrong outside has changed. */
  recheck(): void;
  /** Says that this gateway ends, looks no more, and takes its row away. */
  stop(): Promise<void>;
}

/** Makes a keeper. Nothing that goes wrong ends it: the gateway serves what it has, and says what is missing. */
export function createKeeper({ serving, source, copy, reporter, workers, outside = () => [], about = {} }: KeeperParts): Keeper {
  let assignment: Assignment | null = null;
  let tokens: TokenState = { endpointTokens: [], sharing: true };
  let taken: Taken = { deployments: [], problems: [], serving: workers };
  let ready = false;
  let draining = false;
  /** A look at Postgres has been answered: the copy is not wanted any more. */
  let answered = false;
  /** Why, and since when, deployments cannot be read, and why Redis is away. */
  let unread: { reason: string; says: string; since: string } | null = null;
  let redisAway: string | null = null;
  let usesRedis = false;
  let reportedAt = 0;
  let observedAt = Number.NEGATIVE_INFINITY;
  let reportDue = false;
  let reportProblem: string | null = null;
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let timer: NodeJS.Timeout | undefined;
  const logTokens = failureLog(failingTokenKey, TOKEN_FAILS, TOKEN_WORKS);
  const problems = news<TakeoverProblem>((problem) => `${keyOf(problem)} ${problem.message}`);

  /** With nothing of what is deployed, as with the secret key of another console, it is better that calls go elsewhere. */
  const servesNothing = () => taken.deployments.length === 0 && taken.problems.length > 0;

  const logProblem = problemLog();
  /** What is logged by nobody else when it begins and when it is over. */
  const surroundings = (): Problem[] => [...reporter.problems(), ...outside(), ...logProblems()];
  const problemsNow = (): Problem[] => [
    ...(unread ? [{ problem: "postgres", message: `${unread.says} since ${unread.since}: no new deployments arrive.` } as const] : []),
    ...(redisAway !== null ? [{ problem: "redis", message: REDIS_AWAY } as const] : []),
    ...(redisAway === null && !tokens.sharing ? [{ problem: "token-sharing", message: TOKENS_NOT_SHARED } as const] : []),
    ...failingTokenProblems(failingTokens(tokens.endpointTokens, Date.now())),
    ...copies.problems(),
    ...(taken.serving < workers ? [{ problem: "workers", message: `${taken.serving} of ${workers} workers serve.` } as const] : []),
    ...surroundings(),
    ...taken.problems.map(
      ({ apiId, number }) =>
        ({ problem: "deployments", message: `Deployment ${number} of ${apiId} could not be taken over; the log says why.` }) as const,
    ),
  ];
  const health = (): Health => {
    const now = problemsNow();
    return {
      ready: ready && !servesNothing(),
      draining,
      degraded: [...new Set(now.map(({ message }) => message))],
      dependencies: { postgres: unread === null && answered, ...(usesRedis ? { redis: redisAway === null } : {}) },
      problems: [...new Set(now.map(({ problem }) => problem))],
    };
  };
  let told = JSON.stringify(STARTING);
  const tellHealth = () => {
    const next = health();
    const text = JSON.stringify(next);
    if (text === told) return;
    told = text;
    reportDue = true;
    serving.setHealth(next);
  };
  const copies = createCopyWriter(copy, tellHealth);

  const served = (next: Taken) => {
    taken = next;
    reportDue = true;
    for (const problem of problems.of(taken.problems)) logger().error({ problem }, "a deployment could not be taken over");
    tellHealth();
  };
  serving.onChange(served);

  /** Whether it was taken over, except for what `taken.problems` names. */
  const take = async (next: Assignment): Promise<boolean> => {
    assignment = next;
    try {
      const result = await serving.take(next);
      ready = true;
      served(result);
      return true;
    } catch (error) {
      // Nothing is known of what is served then, so that the next look reads and hands over everything.
      assignment = null;
      logger().error({ err: error }, "deployments could not be handed over; the gateway goes on with what it has");
      return false;
    }
  };

  const report = async () => {
    if (!reportDue && performance.now() - reportedAt < REPORT_MS) return;
    try {
      reportDue = false;
      const { degraded, dependencies } = health();
      const { endpointTokens } = tokens;
      const state = { ...about, ready, draining, degraded, workers, dependencies, endpointTokens };
      await reporter.send({ deployments: taken.deployments, state });
      reportedAt = performance.now();
      reportProblem = null;
    } catch (error) {
      reportDue = true;
      const reason = error instanceof Error ? error.message : String(error);
      if (reportProblem !== reason) logger().warn({ reason }, "this gateway could not be reported to the database");
      reportProblem = reason;
    }
  };

  const read = async (): Promise<Assignment | null> => {
    try {
      const next = await source.read(assignment);
      if (unread) logger().info("deployments can be read again");
      unread = null;
      answered = true;
      return next;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (unread?.reason !== reason) logger().warn({ reason }, "deployments could not be read; the gateway goes on with what it has");
      const says = error instanceof PostgresAway ? "Postgres is away" : "Deployments cannot be read, the log says why,";
      unread = { reason, says, since: unread?.since ?? new Date().toISOString() };
      return null;
    }
  };

  /** A look that hangs has not failed yet. */
  const watch = () => {
    if (looking === null || unread !== null || performance.now() - source.heardAt() < STALE_AFTER_MS) return;
    const reason = "Postgres doesn't answer";
    logger().warn({ reason }, "deployments could not be read; the gateway goes on with what it has");
    unread = { reason, says: "Postgres is away", since: new Date().toISOString() };
    tellHealth();
  };
  const watching = setInterval(watch, WATCH_MS);
  watching.unref();

  const observeTokens = async () => {
    if (performance.now() - observedAt < REPORT_MS) return;
    observedAt = performance.now();
    const next = await serving.tokens();
    if (JSON.stringify(next) !== JSON.stringify(tokens)) reportDue = true;
    tokens = next;
    logTokens(failingTokens(tokens.endpointTokens, Date.now()));
  };

  const lookOnce = async () => {
    const before = assignment;
    const next = await read();
    if (next && (await take(next))) {
      const { deployments, servers } = next;
      const isNew = deployments !== before?.deployments || servers !== before.servers;
      copies.changed(next, isNew);
      if (isNew) {
        logger().info({ apis: deployments.length, authorizationServers: servers.length }, "deployments taken over");
      }
    }
    await observeTokens();
    copies.tick();
    logProblem(surroundings());
    tellHealth();
    if (!unread) await report();
  };

  const look = (): Promise<void> => {
    clearTimeout(timer);
    looking ??= lookOnce().finally(() => {
      looking = null;
      if (draining) return;
      const pause = lookAgain ? 0 : POLL_MS;
      lookAgain = false;
      timer = setTimeout(() => void look(), pause);
    });
    return looking;
  };

  const serveCopy = async () => {
    const kept = await copy.read((reason) => logger().warn({ reason }, "the last-known-good copy is ignored"));
    if (kept === null || answered) return;
    if (await take(kept.assignment))
      logger().warn({ writtenAt: kept.writtenAt, apis: kept.assignment.deployments.length }, "serving the last-known-good copy");
  };

  return {
    async start() {
      await Promise.race([look(), new Promise((resolve) => setTimeout(resolve, FIRST_LOOK_MS).unref())]);
      if (!ready) await serveCopy();
    },
    look() {
      if (draining) return;
      // One that is under way may have looked before what was announced.
      if (looking) lookAgain = true;
      else void look();
    },
    recheck: tellHealth,
    redisState(away) {
      if (away !== null)
        logger().warn({ reason: away }, "Redis is away; deployments arrive by polling, and nothing is shared with other gateways");
      else if (redisAway !== null) logger().info("Redis is there again");
      redisAway = away;
      usesRedis = true;
      tellHealth();
    },
    async stop() {
      draining = true;
      clearTimeout(timer);
      clearInterval(watching);
      tellHealth();
      await looking;
      await copies.finish();
      if (!unread) await reporter.remove().catch(() => undefined);
    },
  };
}
