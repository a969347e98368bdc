import type { Change, Snapshot } from "@/lib/definition/diff";
import type { DocumentResult } from "@/lib/definition/document";
import type { OpenApiResult } from "@/lib/definition/openapi";
import type { OperationKey } from "@/lib/definition/operation-paths";
import type { Definition } from "@/lib/definition/schema";
import type { LooseningReport } from "@/lib/gateway/access/access-loosening";
import { singleton } from "@/lib/platform/singleton";
import { invalid, ManagementError } from "./errors";

/** A text to parse. */
export interface ReadTask {
  kind: "definition" | "openapi";
  text: string;
}

/** Two definitions to compare: all changes, or those that loosen access. */
export type CompareTask =
  | { kind: "changes"; before: Snapshot; after: Snapshot }
  | { kind: "loosening"; before: Definition; after: Definition; documented: readonly OperationKey[] };

/** Time limit of one task. The largest allowed document takes about 1 second. */
const READING_MS_MAX = 15_000;
const MEMORY_MB_MAX = 512;
/** Maximum concurrent threads, to leave CPU for requests. */
const READERS_MAX = 2;
/** Maximum queued tasks: a longer queue would take minutes. */
const WAITING_MAX = 20;

interface Readers {
  running: number;
  waiting: (() => void)[];
}

const readers = () => singleton<Readers>("document-readers", () => ({ running: 0, waiting: [] }));

async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const state = readers();
  if (state.waiting.length >= WAITING_MAX)
    throw new ManagementError(503, "Too many documents are being processed. Nothing was saved. Retry in 1 minute.", [], {
      "Retry-After": "60",
    });
  if (state.running >= READERS_MAX) await new Promise<void>((resolve) => state.waiting.push(resolve));
  else state.running += 1;
  try {
    return await task();
  } finally {
    // The next task inherits this slot.
    const next = state.waiting.shift();
    if (next) next();
    else state.running -= 1;
  }
}

const tooCostly = () =>
  invalid([{ path: "", message: "Processing the document exceeds the time or memory limit. Send a smaller one, or split it." }]);

function inThread(task: ReadTask | CompareTask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // Bundled separately (scripts/lib/setup.mjs). The console's bundler must not detect a worker here: it would bundle it again,
    // or fail if it isn't built yet.
    const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");
    const worker = new Thread([process.cwd(), "dist", "document-worker.js"].join("/"), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
      // The worker needs none of the console's environment and options.
      env: {},
      execArgv: [],
      stdin: false,
    });
    const end = (settle: () => void) => {
      clearTimeout(timer);
      void worker.terminate();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(tooCostly())), READING_MS_MAX);
    worker.once("message", (value) => end(() => resolve(value)));
    worker.on("error", (error) => {
      const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
      end(() => reject(isMemory || error instanceof RangeError ? tooCostly() : error));
    });
    worker.once("exit", () => end(() => reject(new ManagementError(503, "The document worker stopped unexpectedly. Retry."))));
  });
}

/**
 * Parses an API definition, JSON or YAML, in a separate thread, to avoid blocking requests and tokens.
 * @throws ManagementError 400 if it exceeds the time or memory limit, or 503 if the queue is full
 */
export async function readDefinitionText(text: string): Promise<DocumentResult> {
  return (await inTurn(() => inThread({ kind: "definition", text }))) as DocumentResult;
}

/** Parses an OpenAPI document in a separate thread. @throws ManagementError 400 or 503 like {@link readDefinitionText} */
export async function readOpenApiText(text: string): Promise<OpenApiResult> {
  return (await inTurn(() => inThread({ kind: "openapi", text }))) as OpenApiResult;
}

/** Describes changes in a separate thread. @throws ManagementError 400 or 503 like {@link readDefinitionText} */
export async function changesInThread(before: Snapshot, after: Snapshot): Promise<Change[]> {
  return (await inTurn(() => inThread({ kind: "changes", before, after }))) as Change[];
}

/** Finds loosened access in a separate thread. @throws ManagementError 400 or 503 like {@link readDefinitionText} */
export async function looseningInThread(
  before: Definition,
  after: Definition,
  documented: readonly OperationKey[],
): Promise<LooseningReport> {
  return (await inTurn(() => inThread({ kind: "loosening", before, after, documented }))) as LooseningReport;
}
