import { Readable } from "node:stream";
import type { z } from "zod";
import type { TraceEntry } from "@/lib/gateway/exchange";
import { type AnswerBody, bodyStream } from "@/lib/gateway/http/answer-body";
import { Caller } from "@/lib/gateway/http/caller";
import { activeDeployment, deploymentSummary } from "./api-view";
import type { TryResponse, tryBodySchema } from "./contract/apis";
import { ManagementError } from "./errors";
import { embeddedGateway } from "./runtime";

/** Limits of the response shown and of the request's total time. */
const SHOWN_BYTES_MAX = 1024 * 1024;
const CALL_MS_MAX = 120_000;

async function readShown(body: AnswerBody | Buffer | null): Promise<{ bytes: Buffer; truncated: boolean }> {
  if (body === null) return { bytes: Buffer.alloc(0), truncated: false };
  const chunks: Buffer[] = [];
  let size = 0;
  let brokeOff = false;
  try {
    for await (const chunk of Buffer.isBuffer(body) ? [body] : bodyStream(body)) {
      chunks.push(Buffer.from(chunk as Buffer));
      size += (chunk as Buffer).length;
      if (size > SHOWN_BYTES_MAX) break;
    }
  } catch {
    // Aborted by the backend or the time limit: return the part that arrived, as a client would get it.
    brokeOff = true;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, SHOWN_BYTES_MAX), truncated: brokeOff || size > SHOWN_BYTES_MAX };
}

function asText(bytes: Buffer): { body: string; bodyEncoding: "text" | "base64" } {
  try {
    return { body: new TextDecoder("utf-8", { fatal: true }).decode(bytes), bodyEncoding: "text" };
  } catch {
    return { body: bytes.toString("base64"), bodyEncoding: "base64" };
  }
}

/**
 * Sends a request through this process's gateway, as a client would, and returns the response with a trace of the steps.
 * @throws ManagementError 404, or 409 if nothing is deployed
 */
export async function tryCall(id: string, input: z.output<typeof tryBodySchema>): Promise<TryResponse> {
  const active = await activeDeployment(id);
  if (!active) throw new ManagementError(409, "Nothing is deployed, so there's nothing to call. Deploy the draft first.");
  const { contextPath } = await deploymentSummary(active);
  const gateway = await embeddedGateway();
  const body = input.body === undefined || input.body === "" ? null : Buffer.from(input.body);
  const given = Object.entries(input.headers).filter(([name]) => !/^(content-length|transfer-encoding|host|connection)$/i.test(name));
  const trace: TraceEntry[] = [];
  let matched: { deploymentNumber: number; flow: string | null } | null = null;
  const caller = new Caller();
  const timer = setTimeout(() => caller.leave(), CALL_MS_MAX);
  const startedAt = performance.now();
  const response = await gateway.handle({
    method: input.method,
    target: `${contextPath === "/" ? "" : contextPath}${input.path}`,
    rawHeaders: [...given.flat(), ...(body ? ["content-length", String(body.length)] : [])],
    body: body ? Readable.from([body]) : null,
    peerAddress: "127.0.0.1",
    caller,
    trace,
    onMatched: (match) => {
      matched = match;
    },
  });
  const { bytes, truncated } = await readShown(response.body);
  clearTimeout(timer);
  const durationMs = Math.round((performance.now() - startedAt) * 100) / 100;
  const headers = Array.from({ length: response.rawHeaders.length / 2 }, (_, index): [string, string] => [
    response.rawHeaders[index * 2] ?? "",
    response.rawHeaders[index * 2 + 1] ?? "",
  ]);
  const match = matched as { deploymentNumber: number; flow: string | null } | null;
  return {
    response: { status: response.status, headers, ...asText(bytes), truncated, durationMs },
    deployment: match?.deploymentNumber ?? null,
    flow: match?.flow ?? null,
    trace,
  };
}
