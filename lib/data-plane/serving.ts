import type { Server } from "node:http";
import { createNodeServer } from "@/lib/gateway/adapters/node-server";
import { createGateway } from "@/lib/gateway/gateway";
import type { AccessRecord, DeployedApi, StepRun } from "@/lib/gateway/ports";
import { createGatewayMetrics, type MetricsSnapshot } from "@/lib/gateway/telemetry/metrics";
import { tokenReports } from "@/lib/gateway/telemetry/token-report";
import { sampleCalls } from "@/lib/platform/call-sampling";
import { callLog, logger, logState } from "@/lib/platform/log";
import { findPortProblem } from "@/lib/platform/port-probe";
import { sharedPolicyCounters } from "@/lib/platform/redis-policy-counters";
import { sharedProofs } from "@/lib/platform/redis-proofs";
import { secretBox } from "@/lib/platform/secrets";
import { StartFailure } from "@/lib/platform/start-failure";
import { createTokenEpochs } from "@/lib/platform/token-drops";
import { tokenSharing } from "@/lib/platform/token-sharing";
import { type Assignment, deployedApiOf, keyOf, type Taken, type TakeoverProblem } from "./assignment";
import { type Health, STARTING } from "./health";
import { ownAnswers } from "./own-answers";
import { createOwnServers } from "./own-servers";
import { createPostgres } from "./postgres";
import type { Settings } from "./settings";
import type { TokenState } from "./token-state";

/** What serves calls: one process, or several behind one port. */
export interface Serving {
  /** @throws StartFailure when the port cannot be had */
  listen(): Promise<void>;
  /** Takes everything over at once; calls under way end on what was before. */
  take(assignment: Assignment): Promise<Taken>;
  setHealth(health: Health): void;
  /** Told when what is served has changed by itself. */
  onChange(listener: (taken: Taken) => void): void;
  /** The counts of its processes, to be added up. */
  metrics(): Promise<readonly MetricsSnapshot[]>;
  /** What is known of the tokens of backends that its processes keep. */
  tokens(): Promise<TokenState>;
  /** Takes no more calls and resolves when those under way have their answers, at the latest after this long. */
  drain(timeoutMs: number): Promise<void>;
}

/**
 * The gateway of this process on its port.
 * @param allMetrics the metrics of all processes that are this gateway; left out when it is the only one
 */
export function createServing(settings: Settings, allMetrics?: () => Promise<string>): Serving {
  const metrics = createGatewayMetrics({ droppedLogLines: () => logState().dropped });
  const write = sampleCalls(callLog(), settings.callLogPercent);
  const log = (record: AccessRecord, steps: readonly StepRun[] = []) => {
    write(record);
    metrics.observe(record, steps);
  };
  const box = secretBox(settings.secretKey);
  const publicUrl = new URL(settings.publicUrl);
  const publicPath = publicUrl.pathname === "/" ? "" : publicUrl.pathname;
  let health = STARTING;
  let handed: ReadonlyMap<string, DeployedApi> = new Map();
  const unreadable = new Map<string, TakeoverProblem>();

  // A connection of its own: a look at what is to be served never waits for a caller's token, nor the other way round.
  const postgres = createPostgres(settings.databaseUrl);
  const own = createOwnServers(postgres, Date.now);
  const sharing = tokenSharing(box);
  const epochs = createTokenEpochs();

  const gateway = createGateway(
    {
      now: Date.now,
      log,
      ...own,
      sharedTokens: sharing?.options ?? null,
      tokenEpoch: epochs.of,
      usedProofs: sharedProofs(),
      counters: sharedPolicyCounters(),
    },
    {
      publicUrl: settings.publicUrl,
      metadataUrl: `${publicUrl.origin}/.well-known/oauth-protected-resource${publicPath}`,
      outbound: settings.outbound,
      trustsProxy: settings.trustsProxy,
      sharesConsoleOrigin: false,
    },
  );
  const { server, drain } = createNodeServer(gateway, {
    answerOwn: ownAnswers({
      gateway,
      health: () => health,
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
    async take(assignment) {
      const next = new Map<string, DeployedApi>();
      for (const deployment of assignment.deployments) {
        const key = keyOf(deployment);
        const { apiId, number } = deployment;
        const remember = (message: string) => unreadable.set(key, { apiId, number, message });
        next.set(key, handed.get(key) ?? deployedApiOf(deployment, box, remember));
      }
      // Servers first: a deployment may need one that came with it.
      own.take(assignment);
      epochs.take(assignment.tokenDrops);
      const problems = await gateway.replace([...next.values()]);
      handed = next;
      const running = gateway.running();
      metrics.setDeployments(running);
      for (const key of unreadable.keys()) if (!next.has(key)) unreadable.delete(key);
      return {
        deployments: running.map(({ apiId, deploymentNumber }) => ({ apiId, number: deploymentNumber })),
        problems: [
          ...problems.map(({ apiId, deploymentNumber, message }) => ({ apiId, number: deploymentNumber, message })),
          ...unreadable.values(),
        ],
        serving: 1,
      };
    },
    setHealth(next) {
      health = next;
      const { ready, draining, degraded, dependencies, problems } = next;
      metrics.setState({ ready: ready && !draining, degraded: degraded.length > 0, dependencies, problems });
    },
    // One process changes nothing by itself.
    onChange: () => undefined,
    metrics: async () => [await metrics.snapshot()],
    tokens: async () => ({ endpointTokens: tokenReports(gateway.endpointTokens()), sharing: sharing?.works() ?? true }),
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
