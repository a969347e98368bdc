import { logger } from "@/lib/platform/log";
import { logProblems, type Problem, problemLog } from "@/lib/platform/problems";
import { type Assignment, keyOf, type Taken, type TakeoverProblem } from "./assignment";
import { type Health, healthOf, STARTING } from "./health";
import type { Keeper, KeeperParts } from "./keeper-parts";
import { news } from "./news";
import { createReading } from "./reading";
import { createReporting } from "./reporting";
import { createTokenWatch } from "./token-watch";

/** Pause between two polls: with the poll itself, a deployment is found within half a second. */
const POLL_MS = 450;
/** How long the first poll may take before the copy is loaded. */
const FIRST_LOOK_MS = 2000;
const WATCH_MS = 500;

const ignore = () => undefined;
const unrefDelay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

/** Creates a keeper. No failure stops it: the gateway serves the last assignment, and reports what is wrong. */
export function createKeeper(parts: KeeperParts): Keeper {
  const { serving, reporter, workers, proofs, outside = () => [], about = {}, failsOver } = parts;
  let assignment: Assignment | null = null;
  let taken: Taken = { deployments: [], problems: [], serving: workers };
  let loaded = false;
  let draining = false;
  let stopped = false;
  let redisReachable: boolean | null = null;
  /** The update that runs, and the one that waits for it. */
  let running: Promise<void> | null = null;
  let queued: Promise<void> | null = null;
  let attending: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const reading = createReading(parts.source);
  const reporting = createReporting(reporter);
  const tokens = createTokenWatch(() => serving.tokens(), reporting.changed);
  const newProblems = news<TakeoverProblem>((problem) => `${keyOf(problem)} ${problem.message}`);
  const logProblem = problemLog();
  /** What nobody else logs. */
  const surroundings = (): Problem[] => [...reporter.problems(), ...outside(), ...logProblems(), ...(proofs?.problems() ?? [])];

  const health = (): Health =>
    healthOf({
      loaded,
      draining,
      answered: reading.answered(),
      unread: reading.unread(),
      redisReachable,
      sharing: tokens.state().sharing,
      failing: tokens.failing(),
      taken,
      workers,
      failsOver,
      others: [...(copy?.problems() ?? []), ...surroundings()],
    });
  let told = JSON.stringify(STARTING);
  const tellHealth = () => {
    const next = health();
    const text = JSON.stringify(next);
    if (text === told) return;
    told = text;
    reporting.changed();
    serving.setHealth(next);
  };
  const copy = parts.copy?.(tellHealth);

  const served = (next: Taken) => {
    taken = next;
    reporting.changed();
    for (const problem of newProblems.of(taken.problems)) logger().error({ problem }, "a deployment didn't load");
    tellHealth();
  };
  serving.onChange(served);
  proofs?.onProblem(tellHealth);

  const take = async (next: Assignment): Promise<void> => {
    assignment = next;
    try {
      const result = await serving.take(next);
      loaded = true;
      served(result);
    } catch (error) {
      // What is served is unknown, so the next poll reads everything.
      assignment = null;
      logger().error({ err: error }, "can't load deployments; serving the last set");
      throw error;
    }
  };

  const update = async (): Promise<void> => {
    const before = assignment;
    const next = await reading.read(before);
    if (!next) return;
    await take(next);
    const { deployments, servers } = next;
    const isNew = deployments !== before?.deployments || servers !== before.servers;
    copy?.changed(next, isNew);
    if (isNew) logger().info({ apis: deployments.length, authorizationServers: servers.length }, "deployments loaded");
  };

  const refresh = (): Promise<void> => {
    if (running) {
      // It may have read the database before the caller's write.
      queued ??= running.catch(ignore).then(() => {
        queued = null;
        return refresh();
      });
      return queued;
    }
    running = update().finally(() => {
      running = null;
    });
    return running;
  };

  const attendOnce = async (): Promise<void> => {
    await tokens.look();
    copy?.tick();
    logProblem(surroundings());
    tellHealth();
    if (reading.unread()) return;
    await reporting.reportIfDue(() => {
      const { degraded, dependencies } = health();
      const { endpointTokens } = tokens.state();
      const state = { ...about, ready: loaded, draining, degraded, workers, dependencies, endpointTokens };
      return { deployments: taken.deployments, state };
    });
  };
  /** Does what belongs to a poll besides loading. */
  const attend = (): Promise<void> => {
    attending ??= attendOnce()
      .catch((error: unknown) => logger().error({ err: error }, "can't determine this gateway's state"))
      .finally(() => {
        attending = null;
      });
    return attending;
  };

  const poll = async (): Promise<void> => {
    await (running ?? refresh()).catch(ignore);
    await attend();
    if (!stopped) timer = setTimeout(() => void poll(), POLL_MS).unref();
  };

  const watching = setInterval(() => {
    reading.checkSilence();
    tellHealth();
  }, WATCH_MS).unref();

  const loadCopy = async () => {
    const kept = await copy?.read();
    if (!kept || reading.answered()) return;
    await take(kept.assignment).then(
      () =>
        logger().warn({ writtenAt: kept.writtenAt, apis: kept.assignment.deployments.length }, "serving the last-known-good configuration"),
      ignore,
    );
  };

  return {
    async start() {
      await Promise.race([poll(), unrefDelay(FIRST_LOOK_MS)]);
      if (!loaded) await loadCopy();
    },
    look() {
      if (!stopped) void refresh().then(attend, attend);
    },
    refresh,
    loaded: () => loaded,
    health,
    redisState(reason) {
      if (reason !== null)
        logger().warn({ reason }, "Redis is unreachable; deployments are polled, and nothing is shared with other gateways");
      else if (redisReachable === false) logger().info("Redis is reachable again");
      redisReachable = reason === null;
      tellHealth();
    },
    drain() {
      draining = true;
      tellHealth();
    },
    async stop() {
      draining = true;
      stopped = true;
      clearTimeout(timer);
      clearInterval(watching);
      tellHealth();
      await running?.catch(ignore);
      await attending;
      await copy?.finish();
      if (!reading.unread()) await reporter.remove().catch(ignore);
    },
  };
}
