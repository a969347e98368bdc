import type { Server } from "node:http";
import { createNodeServer } from "@/lib/gateway/adapters/node-server";
import type { MetricsSnapshot } from "@/lib/gateway/telemetry/metrics";
import { createHost } from "@/lib/gateway-host/host";
import type { AssignmentTaker } from "@/lib/gateway-host/keeper-parts";
import { logger } from "@/lib/platform/log";
import { findPortProblem } from "@/lib/platform/port-probe";
import { secretBox } from "@/lib/platform/secrets";
import { StartFailure } from "@/lib/platform/start-failure";
import { ownAnswers } from "./own-answers";
import { createPostgres } from "./postgres";
import type { Settings } from "./settings";

/** What serves requests: one process, or several behind one port. */
export interface Serving extends AssignmentTaker {
  /** @throws StartFailure when the port can't be used */
  listen(): Promise<void>;
  /** The counts of its processes, to be added up. */
  metrics(): Promise<readonly MetricsSnapshot[]>;
  /** Accepts no more requests, and resolves when in-flight requests are finished, at the latest after this time. */
  drain(timeoutMs: number): Promise<void>;
}

/**
 * Creates the gateway of this process on its port.
 * @param allMetrics the metrics of all processes of this gateway; absent when it's the only one
 */
export function createServing(settings: Settings, allMetrics?: () => Promise<string>): Serving {
  const publicUrl = new URL(settings.publicUrl);
  const publicPath = publicUrl.pathname === "/" ? "" : publicUrl.pathname;
  // A connection of its own: polling and token lookups never wait for each other.
  const postgres = createPostgres(settings.databaseUrl);
  const host = createHost({
    gateway: {
      publicUrl: settings.publicUrl,
      metadataUrl: `${publicUrl.origin}/.well-known/oauth-protected-resource${publicPath}`,
      outbound: settings.outbound,
      trustsProxy: settings.trustsProxy,
      sharesConsoleOrigin: false,
    },
    callLogPercent: settings.callLogPercent,
    secrets: secretBox(settings.secretKey),
    query: postgres.query,
  });
  const { gateway, metrics, log } = host;
  const { server, drain } = createNodeServer(gateway, {
    answerOwn: ownAnswers({
      gateway,
      health: host.health,
      metrics: allMetrics ?? metrics.text,
      metricsTokens: settings.metricsTokens,
      publicPath,
    }),
    log,
    isProxy: settings.trustsProxy,
    onConnectionRejected: rejectionLog(),
  });

  return {
    listen: () => listen(server, settings.port),
    take: host.take,
    setHealth: host.setHealth,
    onChange: host.onChange,
    tokens: host.tokens,
    metrics: async () => [await metrics.snapshot()],
    async drain(timeoutMs) {
      await drain(timeoutMs);
      await postgres.close();
    },
  };
}

/** Checks the port before anything else is begun. @throws StartFailure when it is taken or may not be used */
export async function requirePort(port: number): Promise<void> {
  const code = await findPortProblem(port);
  if (code) throw new StartFailure(whyNot(port, { code }));
}

/** At most one line in this time, in milliseconds: floods must not fill the log. */
const REJECTION_LOG_MS = 10_000;

/** Logs that connections are closed because of a limit. */
function rejectionLog(): (address: string) => void {
  let loggedAt = Number.NEGATIVE_INFINITY;
  let count = 0;
  return (address) => {
    count += 1;
    if (performance.now() - loggedAt < REJECTION_LOG_MS) return;
    loggedAt = performance.now();
    logger().warn({ address, count }, "too many client connections; closed some. Raise `ulimit -n` if this is normal traffic");
    count = 0;
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(new StartFailure(whyNot(port, error))));
    server.listen(port, () => resolve());
  });
}

function whyNot(port: number, { code, message }: { code?: string; message?: string }): string {
  if (code === "EADDRINUSE")
    return `Port ${port} is taken. Stop what runs there or choose another with GATEWAY_PORT=${port === 65_535 ? 8083 : port + 1} npm run gateway.`;
  if (code === "EACCES") return `This user may not listen on port ${port}. Choose one above 1023 with GATEWAY_PORT=8083 npm run gateway.`;
  return `Port ${port} cannot be used (${code ?? message}). Choose another with GATEWAY_PORT=8083 npm run gateway.`;
}
