import { parentPort, workerData } from "node:worker_threads";
import { describeChanges } from "@/lib/definition/diff";
import { readDocument } from "@/lib/definition/document";
import { readOpenApi } from "@/lib/definition/openapi";
import { unstorableText } from "@/lib/definition/storable";
import { findLoosening } from "@/lib/gateway/access/access-loosening";
import { registry } from "@/lib/gateway/schemas";
import type { CompareTask, ReadTask } from "./read-document";

/** Entry point of `dist/document-worker.js`: reads one document or compares two definitions in a separate thread. */
function run(task: ReadTask | CompareTask) {
  if (task.kind === "changes") return describeChanges(task.before, task.after, registry);
  if (task.kind === "loosening") return findLoosening(task.before, task.after, task.documented);
  if (task.kind === "openapi") return readOpenApi(task.text);
  const document = readDocument(task.text);
  if (!document.ok) return document;
  const problems = unstorableText(document.value);
  return problems.length > 0 ? { ok: false as const, problems } : document;
}

parentPort?.postMessage(run(workerData as ReadTask | CompareTask));
