import { parentPort, workerData } from "node:worker_threads";
import { readDocument } from "@/lib/definition/document";
import { readOpenApi } from "@/lib/definition/openapi";
import { unstorableText } from "@/lib/definition/storable";
import type { ReadTask } from "./read-document";

/** Bundled into `dist/document-worker.js`: reads one document that someone sent, in a thread of its own, and ends. */
function read({ kind, text }: ReadTask) {
  if (kind === "openapi") return readOpenApi(text);
  const document = readDocument(text);
  if (!document.ok) return document;
  const problems = unstorableText(document.value);
  return problems.length > 0 ? { ok: false as const, problems } : document;
}

parentPort?.postMessage(read(workerData as ReadTask));
