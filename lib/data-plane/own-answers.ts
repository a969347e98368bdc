import type { IncomingMessage, ServerResponse } from "node:http";
import { metadataAnswer } from "@/lib/gateway/adapters/metadata-answer";
import type { Gateway } from "@/lib/gateway/gateway";
import { METRICS_CONTENT_TYPE } from "@/lib/gateway/telemetry/metrics";
import { type Health, readiness, STARTING_BODY } from "@/lib/gateway-host/health";
import { type MetricsRefusal, metricsAccess } from "@/lib/platform/metrics-access";

/** What the answers that are the process's own depend on. */
export interface OwnAnswers {
  gateway: Gateway;
  health(): Health;
  /** The metrics of the whole gateway, in the text format of Prometheus. */
  metrics(): Promise<string>;
  /** The bearer tokens that `/metrics` accepts. */
  metricsTokens: readonly string[];
  /** The path of the public URL: what proxies put before `/.well-known` metadata paths (RFC 9728, section 3.1). */
  publicPath: string;
}

/** What the paths below begin with after the slash: h, r, m and a dot. */
const INITIALS = new Set(["h", "r", "m", "."].map((initial) => initial.charCodeAt(0)));
const METADATA = "/.well-known/oauth-protected-resource";

/**
 * Answers `/healthz`, `/readyz`, `/metrics` and everything under `/.well-known`, which no API can have, and whatever comes
 * before the first deployments are here.
 * @returns whether the call was its
 */
export function ownAnswers(own: OwnAnswers): (incoming: IncomingMessage, outgoing: ServerResponse, target: string) => boolean {
  const refusalOf = metricsAccess(own.metricsTokens);
  return (incoming, outgoing, target) => {
    // Nearly every call is for an API, and this stands in the way of all of them.
    if (!INITIALS.has(target.charCodeAt(1)) && own.health().ready) return false;
    const path = target.split("?", 1)[0] ?? "";
    if (path === "/healthz") answerGet(incoming, outgoing, () => send(outgoing, 200, { status: "ok" }));
    else if (path === "/readyz")
      answerGet(incoming, outgoing, () => {
        const { status, body } = readiness(own.health(), refusalOf(incoming.headers.authorization) === null);
        send(outgoing, status, body);
      });
    else if (path === "/metrics")
      answerGet(incoming, outgoing, () => void answerMetrics(outgoing, own, refusalOf(incoming.headers.authorization)));
    else if (path === "/.well-known" || path.startsWith("/.well-known/")) void answerWellKnown(incoming, outgoing, own, path);
    else if (!own.health().ready) send(outgoing, 503, STARTING_BODY, { "retry-after": "1" });
    else return false;
    return true;
  };
}

function answerGet({ method }: IncomingMessage, outgoing: ServerResponse, run: () => void): void {
  if (method === "GET" || method === "HEAD") run();
  else
    send(
      outgoing,
      405,
      { message: "This method is not allowed", http_status_code: 405, error: "METHOD_NOT_ALLOWED" },
      { allow: "GET, HEAD" },
    );
}

async function answerMetrics(outgoing: ServerResponse, own: OwnAnswers, refusal: MetricsRefusal | null): Promise<void> {
  if (refusal) return send(outgoing, refusal.status, refusal.body, refusal.headers);
  try {
    const text = await own.metrics();
    outgoing.writeHead(200, { "content-type": METRICS_CONTENT_TYPE, "cache-control": "no-store" });
    outgoing.end(text);
  } catch {
    send(outgoing, 503, { message: "The metrics could not be collected", http_status_code: 503, error: "METRICS_UNAVAILABLE" });
  }
}

async function answerWellKnown(incoming: IncomingMessage, outgoing: ServerResponse, own: OwnAnswers, path: string): Promise<void> {
  if (path !== METADATA && !path.startsWith(`${METADATA}/`)) {
    return send(outgoing, 404, { message: "There is nothing at this path", http_status_code: 404, error: "NOT_FOUND" });
  }
  const rest = path.slice(METADATA.length);
  const { publicPath } = own;
  const isBelow = publicPath !== "" && (rest === publicPath || rest.startsWith(`${publicPath}/`));
  try {
    const { status, headers, body } = await metadataAnswer(
      own.gateway,
      incoming.method ?? "GET",
      (isBelow ? rest.slice(publicPath.length) : rest) || "/",
    );
    send(outgoing, status, body, headers);
  } catch {
    send(outgoing, 503, { message: "The metadata could not be made", http_status_code: 503, error: "GATEWAY_ERROR" });
  }
}

function send(outgoing: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  const type = body === undefined ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
  outgoing.writeHead(status, { "cache-control": "no-store", ...type, ...headers });
  outgoing.end(text);
}
