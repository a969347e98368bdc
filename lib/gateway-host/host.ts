import { createGateway, type Gateway } from "@/lib/gateway/gateway";
import type { AccessRecord, DeployedApi, GatewayOptions, GatewayPorts, StepRun } from "@/lib/gateway/ports";
import { createGatewayMetrics, type GatewayMetrics } from "@/lib/gateway/telemetry/metrics";
import { tokenReports } from "@/lib/gateway/telemetry/token-report";
import { sampleCalls } from "@/lib/platform/call-sampling";
import { callLog, logState } from "@/lib/platform/log";
import type { Query } from "@/lib/platform/query";
import { sharedPolicyCounters } from "@/lib/platform/redis-policy-counters";
import { sharedProofs } from "@/lib/platform/redis-proofs";
import type { SecretBox } from "@/lib/platform/secrets";
import { type Assignment, deployedApiOf, keyOf, type Taken, type TakeoverProblem } from "./assignment";
import { type Health, STARTING } from "./health";
import type { AssignmentTaker } from "./keeper-parts";
import { createOwnServers } from "./own-servers";
import { createTokenEpochs } from "./token-epochs";
import { tokenSharing } from "./token-sharing";
import type { TokenState } from "./token-state";

/** What the gateway of a process is made of. */
export interface HostSettings {
  gateway: GatewayOptions;
  /** The share of successful requests in the request log, in percent. */
  callLogPercent: number;
  secrets: SecretBox;
  /** Finds opaque tokens. The first one is the first query. */
  query: Query;
  /** Finds authorization servers, for a process that knows their changes before it reads them; otherwise those of the assignment. */
  builtinServer?: GatewayPorts["builtinServer"];
}

/** The gateway of this process, with everything around it that doesn't depend on how requests arrive. */
export interface Host extends AssignmentTaker {
  readonly gateway: Gateway;
  readonly metrics: GatewayMetrics;
  /** Logs and counts a request. */
  log(record: AccessRecord, steps?: readonly StepRun[]): void;
  health(): Health;
  /** The state of the backend tokens now. */
  tokenState(): TokenState;
}

/** Creates the gateway of this process. It serves nothing until it takes an assignment. */
export function createHost({ gateway: options, callLogPercent, secrets, query, builtinServer }: HostSettings): Host {
  const metrics = createGatewayMetrics({ droppedLogLines: () => logState().dropped });
  const write = sampleCalls(callLog(), callLogPercent);
  const log = (record: AccessRecord, steps: readonly StepRun[] = []) => {
    write(record);
    metrics.observe(record, steps);
  };
  const own = createOwnServers(query, Date.now);
  const sharing = tokenSharing(secrets);
  const epochs = createTokenEpochs();
  let health = STARTING;
  let handed: ReadonlyMap<string, DeployedApi> = new Map();
  /** The result for `handed`; null before the first. */
  let taken: Taken | null = null;
  const unreadable = new Map<string, TakeoverProblem>();

  const gateway = createGateway(
    {
      now: Date.now,
      log,
      builtinServer: builtinServer ?? own.builtinServer,
      endedTokens: own.endedTokens,
      opaqueToken: own.opaqueToken,
      sharedTokens: sharing?.options ?? null,
      tokenEpoch: epochs.of,
      usedProofs: sharedProofs(),
      counters: sharedPolicyCounters(),
    },
    options,
  );

  const take = async (assignment: Assignment): Promise<Taken> => {
    const next = new Map<string, DeployedApi>();
    for (const deployment of assignment.deployments) {
      const key = keyOf(deployment);
      const { apiId, number } = deployment;
      const remember = (message: string) => unreadable.set(key, { apiId, number, message });
      next.set(key, handed.get(key) ?? deployedApiOf(deployment, secrets, remember));
    }
    // Servers first: a deployment may need one that came with it.
    own.take(assignment);
    epochs.take(assignment.tokenDrops);
    // A revocation brings an assignment with the same deployments.
    if (taken && next.size === handed.size && [...next.keys()].every((key) => handed.has(key))) return taken;
    const problems = await gateway.replace([...next.values()]);
    handed = next;
    const running = gateway.running();
    metrics.setDeployments(running);
    for (const key of unreadable.keys()) if (!next.has(key)) unreadable.delete(key);
    taken = {
      deployments: running.map(({ apiId, deploymentNumber }) => ({ apiId, number: deploymentNumber })),
      problems: [
        ...problems.map(({ apiId, deploymentNumber, message }) => ({ apiId, number: deploymentNumber, message })),
        ...unreadable.values(),
      ],
      serving: 1,
    };
    return taken;
  };

  const tokenState = (): TokenState => ({ endpointTokens: tokenReports(gateway.endpointTokens()), sharing: sharing?.works() ?? true });

  return {
    gateway,
    metrics,
    log,
    take,
    health: () => health,
    setHealth(next) {
      health = next;
      const { ready, draining, degraded, dependencies, problems } = next;
      metrics.setState({ ready: ready && !draining, degraded: degraded.length > 0, dependencies, problems });
    },
    // A single process changes nothing by itself.
    onChange: () => undefined,
    tokenState,
    tokens: async () => tokenState(),
  };
}
