import cluster from "node:cluster";
import { type AssignedDeployment, keyOf, packed } from "@/lib/gateway-host/assignment";
import { type Health, STARTING } from "@/lib/gateway-host/health";
import type { EndedPart } from "@/lib/gateway-host/revocations";
import { logger } from "@/lib/platform/log";
import { logProblems, type Problem, problemLog } from "@/lib/platform/problems";
import { sharedProofs } from "@/lib/platform/redis-proofs";
import { createServing, type Serving } from "../serving";
import type { Settings } from "../settings";
import type { FromWorker, SentDeployment, SentPart, ToWorker } from "./messages";

const METRICS_TIMEOUT_MS = 5000;
/** How long the primary process may take until it has closed its copy of the port. */
const PRIMARY_CLOSES_WITHIN_MS = 8000;
/** How often is looked whether the primary process still lives, once there is no channel whose end would tell. */
const PRIMARY_LOOK_MS = 200;

/**
 * A worker: it serves what the primary process hands it and ends when that says so or is gone. Signals are the primary's
 * alone, because Ctrl-C in a terminal reaches every process.
 */
export function runWorker(settings: Settings): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  const metrics = sharedMetrics();
  const serving = createServing(settings, metrics.text);
  const primary = watchPrimary(serving);
  const known: Known = { deployments: new Map(), parts: new Map() };
  let before: Promise<void> = Promise.resolve();
  process.on("message", (message: ToWorker) => {
    primary.heard();
    if (message.type === "metrics") metrics.answered(message.id, message.text);
    // Beside the queue: a long compilation is no hang.
    else if (message.type === "ping") tell({ type: "pong" });
    else {
      before = before
        .then(() => obey(message, serving, known, primary))
        .catch((error: unknown) => {
          logger().fatal({ err: error }, "a worker could not do what it was told; another takes its place");
          process.exit(1);
        });
    }
  });
  process.on("uncaughtException", (error, origin) => {
    logger().fatal({ err: error, origin }, "a worker failed in a way that nobody foresaw; another takes its place");
    tell({ type: "replace" });
  });
  tell({ type: "hello" });
}

/** How long the primary process may say nothing before it counts as hung, in milliseconds. */
const PRIMARY_HUNG_AFTER_MS = 10_000;
const PRIMARY_HUNG = "The gateway's primary process doesn't respond: no new deployments arrive, and no ended tokens.";

/** The health that the primary process told, and whether that process still speaks. */
interface Primary {
  heard(): void;
  setHealth(health: Health): void;
}

function watchPrimary(serving: Serving): Primary {
  let health = STARTING;
  let heardAt = performance.now();
  const logProblem = problemLog();
  let told = "";
  const proofs = sharedProofs();
  const own = (): Problem[] => [
    ...(process.connected && performance.now() - heardAt > PRIMARY_HUNG_AFTER_MS
      ? [{ problem: "workers", message: PRIMARY_HUNG } as const]
      : []),
    ...logProblems(),
    ...(proofs?.problems() ?? []),
  ];
  /** What the primary process told, and what only this worker can see. */
  const tellHealth = () => {
    const problems = own();
    logProblem(problems);
    const messages = problems.map(({ message }) => message);
    const next = {
      ...health,
      degraded: [...new Set([...health.degraded, ...messages])],
      problems: [...new Set([...health.problems, ...problems.map(({ problem }) => problem)])],
    };
    const text = JSON.stringify(next);
    if (text === told) return;
    told = text;
    serving.setHealth(next);
  };
  setInterval(tellHealth, 1000).unref();
  proofs?.onProblem(tellHealth);
  return {
    heard() {
      heardAt = performance.now();
    },
    setHealth(next) {
      health = next;
      tellHealth();
    },
  };
}

/** What this worker was sent of what it serves, by key. */
interface Known {
  deployments: Map<string, AssignedDeployment>;
  parts: ReadonlyMap<string, EndedPart>;
}

async function obey(
  message: Exclude<ToWorker, { type: "metrics" | "ping" }>,
  serving: Serving,
  known: Known,
  primary: Primary,
): Promise<void> {
  switch (message.type) {
    case "take": {
      const deployments = message.deployments.map((sent) => remembered(sent, known.deployments));
      const wanted = new Set(deployments.map(keyOf));
      for (const key of known.deployments.keys()) if (!wanted.has(key)) known.deployments.delete(key);
      const parts = message.ended.parts.map((sent) => rememberedPart(sent, known.parts));
      known.parts = new Map(parts.map((part) => [part.key, part]));
      const { servers, tokenDrops } = message;
      const ended = { parts, clients: message.ended.clients };
      tell({ type: "taken", id: message.id, taken: await serving.take({ deployments, servers, ended, tokenDrops }) });
      return;
    }
    case "health":
      primary.setHealth(message.health);
      return;
    case "listen":
      try {
        await serving.listen();
        tell({ type: "listening" });
      } catch (error) {
        tell({ type: "not-listening", reason: error instanceof Error ? error.message : String(error) });
      }
      return;
    case "drain":
      await serving.drain(message.timeoutMs);
      process.exit(0);
      break;
    case "end": {
      const end = performance.now() + message.timeoutMs;
      await primaryClosesPort();
      await serving.drain(end - performance.now());
      process.exit(0);
      break;
    }
    case "send-metrics":
      tell({ type: "own-metrics", id: message.id, snapshots: await serving.metrics() });
      return;
    case "send-tokens":
      tell({ type: "own-tokens", id: message.id, tokens: await serving.tokens() });
  }
}

/**
 * Has the primary process close its copy of the port, which it does when no worker has a channel any more. As long as it's open, the
 * system accepts connections that no process serves once the workers have closed theirs.
 */
function primaryClosesPort(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PRIMARY_CLOSES_WITHIN_MS);
    process.once("SIGTERM", () => {
      clearTimeout(timer);
      resolve();
    });
    const { ppid } = process;
    setInterval(() => {
      if (process.ppid !== ppid) process.exit(0);
    }, PRIMARY_LOOK_MS).unref();
    // Otherwise the end of the channel would be this process's.
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
    process.disconnect();
  });
}

function rememberedPart({ key, tokens }: SentPart, known: Known["parts"]): EndedPart {
  const part = tokens === undefined ? known.get(key) : { key, tokens };
  if (!part) throw new Error(`The revoked tokens ${key} were announced to this worker, but never sent.`);
  return part;
}

function remembered({ apiId, number, json }: SentDeployment, known: Map<string, AssignedDeployment>): AssignedDeployment {
  const key = keyOf({ apiId, number });
  const deployment = json === undefined ? known.get(key) : packed(apiId, number, json);
  if (!deployment) throw new Error(`Deployment ${number} of ${apiId} was announced to this worker, but never sent.`);
  known.set(key, deployment);
  return deployment;
}

/** The metrics of all workers, which the primary process adds up. */
function sharedMetrics() {
  const waiting = new Map<number, (text: string | null) => void>();
  let lastId = 0;
  return {
    text: () =>
      new Promise<string>((resolve, reject) => {
        if (!process.connected) throw new Error("All workers end: nobody adds their metrics up.");
        lastId += 1;
        const id = lastId;
        const finish = (text: string | null) => {
          clearTimeout(timer);
          waiting.delete(id);
          if (text === null) reject(new Error("The workers' metrics could not be added up."));
          else resolve(text);
        };
        const timer = setTimeout(() => finish(null), METRICS_TIMEOUT_MS);
        waiting.set(id, finish);
        tell({ type: "want-metrics", id });
      }),
    answered: (id: number, text: string | null) => waiting.get(id)?.(text),
  };
}

function tell(message: FromWorker): void {
  // A primary that is gone is noticed by the channel; the message needs no answer of its own.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
