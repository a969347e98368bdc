import type { MetricsSnapshot } from "@/lib/gateway/telemetry/metrics";
import type { AssignedServer, Taken } from "@/lib/gateway-host/assignment";
import type { Health } from "@/lib/gateway-host/health";
import type { EndedClientEntry, EndedPart } from "@/lib/gateway-host/revocations";
import type { TokenDrop } from "@/lib/gateway-host/token-epochs";
import type { TokenState } from "@/lib/gateway-host/token-state";

/** A deployment on its way to a worker; without its text when the worker has it already. */
export interface SentDeployment {
  apiId: string;
  number: number;
  json?: string;
}

/** Revoked tokens on their way to a worker; without them when the worker has them already. */
export type SentPart = Pick<EndedPart, "key"> & Partial<EndedPart>;

/** What the primary process says to a worker. A worker does what it is told one after the other. */
export type ToWorker =
  | {
      type: "take";
      id: number;
      deployments: readonly SentDeployment[];
      servers: readonly AssignedServer[];
      ended: { parts: readonly SentPart[]; clients: readonly EndedClientEntry[] };
      tokenDrops: readonly TokenDrop[];
    }
  | { type: "health"; health: Health }
  /** To be answered at once, whatever else is waiting. */
  | { type: "ping" }
  | { type: "listen" }
  /** Others serve on: close your copy of the port. */
  | { type: "drain"; timeoutMs: number }
  /** All are to end: close the channel, which has the primary process close its copy of the port, and drain at its SIGTERM. */
  | { type: "end"; timeoutMs: number }
  | { type: "send-metrics"; id: number }
  | { type: "metrics"; id: number; text: string | null }
  | { type: "send-tokens"; id: number };

/** What a worker says to the primary process. */
export type FromWorker =
  /** It hears from now on: what was said before is lost. */
  | { type: "hello" }
  | { type: "listening" }
  | { type: "pong" }
  | { type: "not-listening"; reason: string }
  | { type: "taken"; id: number; taken: Taken }
  /** Something in it went wrong in a way that nobody foresaw: another is to take its place. */
  | { type: "replace" }
  /** Someone asks this worker for the metrics of all. */
  | { type: "want-metrics"; id: number }
  | { type: "own-metrics"; id: number; snapshots: readonly MetricsSnapshot[] }
  | { type: "own-tokens"; id: number; tokens: TokenState };
