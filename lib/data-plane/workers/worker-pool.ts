import cluster, { type Worker } from "node:cluster";
import { setTimeout as delay } from "node:timers/promises";
import { aggregateMetrics, type MetricsSnapshot } from "@/lib/gateway/telemetry/metrics";
import { type Assignment, keyOf, type Taken } from "@/lib/gateway-host/assignment";
import { type Health, STARTING } from "@/lib/gateway-host/health";
import { mergeTokenStates, type TokenState } from "@/lib/gateway-host/token-state";
import { logger } from "@/lib/platform/log";
import { StartFailure } from "@/lib/platform/start-failure";
import type { Serving } from "../serving";
import type { Settings } from "../settings";
import { withDeparted } from "./departed-counts";
import { createHeartbeat, HUNG_AFTER_MS } from "./heartbeat";
import { mergeTaken } from "./merge-taken";
import type { FromWorker, ToWorker } from "./messages";
import { Rounds } from "./rounds";

/** A worker that lived this long was well: the one after it starts at once. */
const WELL_AFTER_MS = 5000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const KILL_AFTER_MS = 5000;
const METRICS_TIMEOUT_MS = 4000;
const TOKENS_TIMEOUT_MS = 1000;
/** A worker that hasn't loaded what it was sent within this time is stuck. */
const TAKE_TIMEOUT_MS = 30_000;

/** The id of an assignment that a worker is handed by itself, outside a round. */
const NOT_ASKED = 0;

interface Member {
  worker: Worker;
  since: number;
  hears: boolean;
  listening: boolean;
  leaving: boolean;
  /** It was told to close its copy of the port while others serve on. */
  drained: boolean;
  /** The keys of the deployments whose text it was sent. */
  has: Set<string>;
  /** The keys of the parts of revoked tokens that it was sent. */
  hasEnded: Set<string>;
  taken: Taken | null;
  /** How many assignments it was sent and has not answered yet: compiling them may take long. */
  taking: number;
  /** What it had counted when it was last asked. */
  counts: readonly MetricsSnapshot[];
}

/** What the pool is made of besides its settings. */
export interface PoolParts {
  /** The file that a worker runs. */
  script: string;
  args: readonly string[];
}

/** Serves by several processes behind one port. One that dies, or asks for it, is replaced by a new one that has everything. */
export function createWorkerPool({ workers }: Settings, { script, args }: PoolParts): Serving {
  // Workers take connections themselves. When the primary hands them out, one that it has just given to a worker that dies
  // belongs to nobody, and its caller waits for ever.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: script, args: [...args] });
  const members = new Set<Member>();
  let assignment: Assignment | null = null;
  let health = STARTING;
  let started = false;
  let stopping = false;
  /** How many workers in a row ended before they had served for long. */
  let early = 0;
  let onChange: (taken: Taken) => void = () => undefined;
  let departed: Promise<MetricsSnapshot> = Promise.resolve([]);
  const takers = new Rounds<Member, void>();
  const counters = new Rounds<Member, readonly MetricsSnapshot[]>();
  const tokenKeepers = new Rounds<Member, TokenState>();

  const send = ({ worker, hears }: Member, message: ToWorker) => {
    if (hears && worker.isConnected()) worker.send(message, undefined, () => undefined);
  };
  const present = () => [...members].filter(({ leaving }) => !leaving);
  const merged = () => mergeTaken(present().flatMap(({ listening, taken }) => (listening && taken ? [taken] : [])));

  const sendAssignment = (member: Member, id: number) => {
    if (!assignment || !member.hears) return;
    const wanted = new Set(assignment.deployments.map(keyOf));
    const deployments = assignment.deployments.map((deployment) => {
      const { apiId, number } = deployment;
      return member.has.has(keyOf(deployment)) ? { apiId, number } : { apiId, number, json: deployment.json };
    });
    const parts = assignment.ended.parts.map((part) => (member.hasEnded.has(part.key) ? { key: part.key } : part));
    member.has = wanted;
    member.hasEnded = new Set(parts.map(({ key }) => key));
    const { servers, ended, tokenDrops } = assignment;
    member.taking += 1;
    send(member, { type: "take", id, deployments, servers, ended: { parts, clients: ended.clients }, tokenDrops });
  };

  const collectMetrics = async (): Promise<readonly MetricsSnapshot[]> => {
    const asked = present().filter(({ listening }) => listening);
    const living = await counters.ask(asked, (member, id) => send(member, { type: "send-metrics", id }), METRICS_TIMEOUT_MS);
    return [await departed, ...living.flat()];
  };

  const heartbeat = createHeartbeat(
    () => [...members].filter(({ listening, taking }) => listening && taking === 0),
    (member) => send(member, { type: "ping" }),
    ({ worker }) => {
      logger().error({ pid: worker.process.pid, silentMs: HUNG_AFTER_MS }, "a worker hangs; it is killed");
      worker.process.kill("SIGKILL");
    },
  );
  let isShort = false;
  /** Tells the change of what is served, and logs when a worker that was missing has been replaced. */
  const changed = () => {
    const { length } = present().filter(({ listening }) => listening);
    if (isShort && length >= workers) logger().info({ workers: length }, "all workers serve again");
    isShort = length < workers;
    onChange(merged());
  };

  const hear = (member: Member, message: FromWorker) => {
    heartbeat.heard(member);
    switch (message.type) {
      case "pong":
        return;
      case "hello":
        member.hears = true;
        send(member, { type: "health", health });
        sendAssignment(member, NOT_ASKED);
        send(member, { type: "listen" });
        return;
      case "listening":
        member.listening = true;
        retireLeavers();
        changed();
        return;
      case "not-listening":
        if (started) logger().error({ reason: message.reason }, "a worker cannot listen");
        member.worker.process.kill("SIGKILL");
        return;
      case "taken":
        member.taken = message.taken;
        member.taking -= 1;
        if (!takers.answer(message.id, member)) onChange(merged());
        return;
      case "replace":
        if (stopping || member.leaving) return;
        member.leaving = true;
        start();
        return;
      case "want-metrics":
        collectMetrics()
          .then(aggregateMetrics)
          .catch(() => null)
          .then((text) => send(member, { type: "metrics", id: message.id, text }));
        return;
      case "own-metrics":
        member.counts = message.snapshots;
        counters.answer(message.id, member, message.snapshots);
        return;
      case "own-tokens":
        tokenKeepers.answer(message.id, member, message.tokens);
    }
  };

  /** One that is to be replaced serves until its successor does. */
  const retireLeavers = () => {
    if (present().filter(({ listening }) => listening).length < workers) return;
    for (const member of members) {
      if (!member.leaving || member.drained) continue;
      member.drained = true;
      send(member, { type: "drain", timeoutMs: KILL_AFTER_MS });
    }
  };

  const start = (): Member => {
    const worker = cluster.fork();
    const member: Member = {
      worker,
      since: performance.now(),
      hears: false,
      listening: false,
      leaving: false,
      drained: false,
      has: new Set(),
      hasEnded: new Set(),
      taken: null,
      taking: 0,
      counts: [],
    };
    members.add(member);
    worker.on("message", (message: FromWorker) => hear(member, message));
    // A channel that breaks ends in the worker's exit, which is what is acted upon.
    worker.on("error", () => undefined);
    worker.on("exit", (code, signal) => {
      members.delete(member);
      takers.gone(member);
      counters.gone(member);
      tokenKeepers.gone(member);
      departed = departed.then((left) => withDeparted(left, member.counts).catch(() => left));
      if (stopping || !started) return;
      if (!member.leaving) {
        logger().error({ pid: worker.process.pid, code, signal }, "a worker ended; another takes its place");
        startLater(member);
      }
      changed();
    });
    return member;
  };

  const startLater = ({ since }: Member) => {
    early = performance.now() - since > WELL_AFTER_MS ? 0 : early + 1;
    const pause = early === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (early - 1), LONGEST_PAUSE_MS);
    setTimeout(() => {
      if (!stopping) start();
    }, pause);
  };

  const firstListening = (member: Member) =>
    new Promise<void>((resolve, reject) => {
      member.worker.on("message", (message: FromWorker) => {
        if (message.type === "listening") resolve();
        if (message.type === "not-listening") reject(new StartFailure(message.reason));
      });
      member.worker.on("exit", (code, signal) =>
        reject(new StartFailure(`A worker ended with ${signal ?? `code ${code}`} before it served.`)),
      );
    });

  return {
    async listen() {
      if (stopping) return;
      try {
        await Promise.all(Array.from({ length: workers }, () => firstListening(start())));
        started = true;
      } catch (error) {
        stopping = true;
        for (const { worker } of members) worker.process.kill("SIGKILL");
        throw error;
      }
    },
    async take(next) {
      assignment = next;
      // Workers are made when it listens, and load it before they do.
      if (members.size === 0 && !started) return { deployments: [], problems: [], serving: workers };
      const asked = present().filter(({ hears }) => hears);
      const leaving = [...members].filter((member) => member.leaving);
      for (const member of leaving) sendAssignment(member, NOT_ASKED);
      await takers.ask(asked, sendAssignment, TAKE_TIMEOUT_MS, ({ worker }) => worker.process.kill("SIGKILL"));
      return merged();
    },
    setHealth(next: Health) {
      health = next;
      for (const member of members) send(member, { type: "health", health });
    },
    onChange(listener) {
      onChange = listener;
    },
    metrics: collectMetrics,
    async tokens() {
      const asked = present().filter(({ listening }) => listening);
      return mergeTokenStates(await tokenKeepers.ask(asked, (member, id) => send(member, { type: "send-tokens", id }), TOKENS_TIMEOUT_MS));
    },
    async drain(timeoutMs) {
      const end = performance.now() + timeoutMs;
      stopping = true;
      heartbeat.stop();
      const all = [...members];
      const ended = all.map(({ worker }) => new Promise<void>((resolve) => worker.once("exit", () => resolve())));
      await closeOwnPort(
        all.filter(({ drained }) => !drained),
        timeoutMs,
      );
      const timer = setTimeout(
        () => {
          for (const { worker } of members) worker.process.kill("SIGKILL");
        },
        end + KILL_AFTER_MS - performance.now(),
      );
      await Promise.all(ended);
      clearTimeout(timer);
    },
  };

  /**
   * Closes this process's copy of the port before any worker closes its own, and then has them do so. The other way round, the
   * system would go on accepting connections that nobody serves.
   */
  async function closeOwnPort(serving: readonly Member[], timeoutMs: number): Promise<void> {
    const disconnected = serving.map(({ worker }) => new Promise<void>((resolve) => worker.once("disconnect", () => resolve())));
    for (const member of serving) {
      if (member.listening) send(member, { type: "end", timeoutMs });
      // It has served nothing.
      else member.worker.process.kill("SIGKILL");
    }
    const patience = new AbortController();
    await Promise.race([Promise.all(disconnected), delay(KILL_AFTER_MS, null, { signal: patience.signal }).catch(() => null)]);
    patience.abort();
    // The copy is closed when no channel is left: that of a worker that doesn't hear is closed from here.
    for (const { worker } of serving) if (worker.isConnected()) worker.process.disconnect();
    for (const { worker } of serving) worker.process.kill("SIGTERM");
  }
}
