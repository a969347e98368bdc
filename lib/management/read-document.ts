import type { Change, Snapshot } from "@/lib/definition/diff";
import type { DocumentResult } from "@/lib/definition/document";
import type { OpenApiResult } from "@/lib/definition/openapi";
import type { OperationKey } from "@/lib/definition/operation-paths";
import type { Definition } from "@/lib/definition/schema";
import type { LooseningReport } from "@/lib/gateway/access/access-loosening";
import { singleton } from "@/lib/platform/singleton";
import { invalid, ManagementError } from "./errors";

/** A text that someone sent, and what it should be. */
export interface ReadTask {
  kind: "definition" | "openapi";
  text: string;
}

/** Two definitions that are compared: in words, or by which requests need less afterwards. */
export type CompareTask =
  | { kind: "changes"; before: Snapshot; after: Snapshot }
  | { kind: "loosening"; before: Definition; after: Definition; documented: readonly OperationKey[] };

/** What reading a document may take before it is given up. A document of the largest size takes about a second. */
const READING_MS_MAX = 15_000;
const MEMORY_MB_MAX = 512;
/** Threads that read at the same time: there are calls to serve beside them. */
const READERS_MAX = 2;
/** Whoever comes when so many wait would wait for minutes. */
const WAITING_MAX = 20;

interface Readers {
  running: number;
  waiting: (() => void)[];
}

const readers = () => singleton<Readers>("document-readers", () => ({ running: 0, waiting: [] }));

async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const state = readers();
  if (state.waiting.length >= WAITING_MAX)
    throw new ManagementError(503, "Too many documents are being read. Nothing was stored. Try again in a minute.", [], {
      "Retry-After": "60",
    });
  if (state.running >= READERS_MAX) await new Promise<void>((resolve) => state.waiting.push(resolve));
  else state.running += 1;
  try {
    return await task();
  } finally {
    // Whoever waits takes this place over.
    const next = state.waiting.shift();
    if (next) next();
    else state.running -= 1;
  }
}

const tooCostly = () =>
  invalid([{ path: "", message: "This takes too long or too much memory to read or compare. Send a smaller document, or split it." }]);

function inThread(task: ReadTask | CompareTask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // Built beside the console (scripts/lib/setup.mjs). The console's own bundler must not see a worker here: it would bundle
    // the file that it finds, or fail on one that is not built yet.
    const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");
    const worker = new Thread([process.cwd(), "dist", "document-worker.js"].join("/"), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
      // What the console's own process is started with is not for this one.
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
    worker.once("exit", () => end(() => reject(new ManagementError(503, "The document could not be read. Try again."))));
  });
}

/**
 * Reads an API definition, JSON or YAML, in a thread of its own: whatever a text costs, calls and tokens don't wait for it.
 * @throws ManagementError 400 when reading it costs too much
 */
export async function readDefinitionText(text: string): Promise<DocumentResult> {
  return (await inTurn(() => inThread({ kind: "definition", text }))) as DocumentResult;
}

/** Reads an OpenAPI document, likewise. @throws ManagementError 400 when reading it costs too much */
export async function readOpenApiText(text: string): Promise<OpenApiResult> {
  return (await inTurn(() => inThread({ kind: "openapi", text }))) as OpenApiResult;
}

/** Describes what changes between two definitions, likewise. @throws ManagementError 400 when it costs too much */
export async function changesInThread(before: Snapshot, after: Snapshot): Promise<Change[]> {
  return (await inTurn(() => inThread({ kind: "changes", before, after }))) as Change[];
}

/** Finds what a change loosens, likewise. @throws ManagementError 400 when it costs too much */
export async function looseningInThread(
  before: Definition,
  after: Definition,
  documented: readonly OperationKey[],
): Promise<LooseningReport> {
  return (await inTurn(() => inThread({ kind: "loosening", before, after, documented }))) as LooseningReport;
}
