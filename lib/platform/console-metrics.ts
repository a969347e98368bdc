import { Counter, Registry } from "prom-client";
import { singleton } from "./singleton";

/** Result of a sign-in. */
export type SignInOutcome = "success" | "wrong_password" | "throttled" | "unavailable";

/** The console's metrics. Label values come from fixed sets, never from a request. */
export interface ConsoleMetrics {
  countSignIn(outcome: SignInOutcome): void;
  /** @param operation method and path template of openapi.json, or `unknown` */
  countManagementRequest(operation: string, status: number): void;
  /** @param server the ID of an existing authorization server */
  countIssuedToken(server: string): void;
  /** @param error an error code of the token endpoint */
  countDeniedToken(server: string, error: string): void;
  /** Prometheus text format. */
  text(): Promise<string>;
}

/** This process's metrics of sign-ins, management requests and tokens. */
export const consoleMetrics = (): ConsoleMetrics => singleton("console-metrics", createConsoleMetrics);

function createConsoleMetrics(): ConsoleMetrics {
  const registry = new Registry();
  const signIns = new Counter({
    name: "gatewright_sign_ins_total",
    help: "Sign-ins to the console, by outcome.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const requests = new Counter({
    name: "gatewright_management_requests_total",
    help: "Requests of the management API, by operation and status.",
    labelNames: ["operation", "status"],
    registers: [registry],
  });
  const issued = new Counter({
    name: "gatewright_tokens_issued_total",
    help: "Issued access tokens.",
    labelNames: ["server"],
    registers: [registry],
  });
  const denied = new Counter({
    name: "gatewright_tokens_denied_total",
    help: "Denied token requests, by error code.",
    labelNames: ["server", "error"],
    registers: [registry],
  });
  return {
    countSignIn: (outcome) => signIns.inc({ outcome }),
    countManagementRequest: (operation, status) => requests.inc({ operation, status: String(status) }),
    countIssuedToken: (server) => issued.inc({ server }),
    countDeniedToken: (server, error) => denied.inc({ server, error }),
    text: () => registry.metrics(),
  };
}
