import { Counter, Registry } from "prom-client";
import { singleton } from "./singleton";

/** How a sign-in went. */
export type SignInOutcome = "success" | "wrong_password" | "throttled" | "unavailable";

/** What the console counts of itself. The labels come from fixed sets, never from a request. */
export interface ConsoleMetrics {
  countSignIn(outcome: SignInOutcome): void;
  /** @param operation method and path template, as openapi.json has them; `unknown` for a path or method that it hasn't */
  countManagementRequest(operation: string, status: number): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
}

/** This process's metrics of sign-ins and management requests. */
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
  return {
    countSignIn: (outcome) => signIns.inc({ outcome }),
    countManagementRequest: (operation, status) => requests.inc({ operation, status: String(status) }),
    text: () => registry.metrics(),
  };
}
