import { randomUUID } from "node:crypto";
import { METHODS } from "@/lib/definition/schema";
import { compileApi, type Shared } from "./compile-api";
import { type Refusal, renderRefusal } from "./errors";
import type { CallNotes, GatewayAnswer, GatewayRequest } from "./exchange";
import { type CallerHeaders, readCallerHeaders } from "./forwarding";
import { type HeaderList, removeHeader, setHeader } from "./headers";
import { LeasePool } from "./leases";
import { isRefusal, type Outcome, runCall } from "./pipeline";
import type { DeployedApi, GatewayOptions, GatewayPorts } from "./ports";
import { protectedResourceOf } from "./protected-resource";
import type { TokenChecker } from "./resources/contract";
import { type CompileProblem, createSnapshots, type Served } from "./snapshots";
import { parseTarget, type Target } from "./target";
import { createConnections } from "./upstream";

/** A gateway: it serves a set of deployments until it is handed another. */
export interface Gateway {
  /**
   * Takes over a set of deployments at once. Requests that are under way end on the old set; when the promise resolves,
   * every new request runs on the new one. A deployment that does not compile is reported and the former one of its API
   * goes on; where there is none, the API answers 503. The others are not affected.
   */
  replace(apis: readonly DeployedApi[]): Promise<CompileProblem[]>;
  /** Answers a call. It never rejects: whatever goes wrong becomes an answer. */
  handle(request: GatewayRequest): Promise<GatewayAnswer>;
  /** The deployments that are served now. */
  running(): { apiId: string; deploymentNumber: number }[];
  /** The RFC 9728 metadata of the API at exactly this context path, made from configuration alone; null when no call of it needs a token. */
  protectedResource(contextPath: string): Promise<Record<string, unknown> | null>;
  /** Serves nothing from now on; resolves when the requests that were under way have their answers. */
  close(): Promise<void>;
}

/** What is known of one call so far. */
interface CallState {
  readonly request: GatewayRequest;
  readonly requestId: string;
  caller: CallerHeaders;
  target: Target | null;
  served: Served | null;
  readonly notes: CallNotes;
}

/** TRACE would reflect the caller's credentials, CONNECT would make the gateway a tunnel. */
const METHODS_REFUSED = new Set(["TRACE", "CONNECT"]);

/** Makes a gateway that serves nothing yet. It is reached and hides what `options` say; all else comes from the ports. */
export function createGateway(ports: GatewayPorts, options: GatewayOptions): Gateway {
  const shared: Shared = {
    ports,
    options,
    connections: createConnections(),
    checkers: new LeasePool<TokenChecker>((checker) => checker.release()),
  };
  const snapshots = createSnapshots((deployed) => compileApi(deployed, shared));

  /** What answers before any flow is matched, in the order in which it is found out. */
  const refuseEarly = ({ request, caller, served }: CallState, target: Target): Refusal | null => {
    const paths = served?.api?.paths;
    if (target.semicolon && !paths?.allowSemicolon) return refuseTarget("The path has a semicolon.");
    if (target.encodedSlash && !paths?.allowEncodedSlash) return refuseTarget("The path has an encoded slash.");
    if (served === null) return { code: "API_NOT_FOUND", reason: "No context path is a prefix of the path." };
    if (served.api === null) return { code: "API_UNAVAILABLE", reason: `The deployment could not be taken over: ${served.problem ?? ""}` };
    if (METHODS_REFUSED.has(request.method))
      return { code: "METHOD_NOT_ALLOWED", reason: `${request.method} is not passed on.`, headers: ["allow", METHODS.join(", ")] };
    if (caller.problem !== null) return { code: "INVALID_REQUEST", message: caller.problem, reason: caller.problem };
    return null;
  };

  const run = async (state: CallState): Promise<Outcome> => {
    const { request, caller } = state;
    const target = parseTarget(request.target);
    if (typeof target === "string") return refuseTarget(target);
    state.target = target;
    const snapshot = snapshots.enter();
    try {
      const route = snapshot.router.find(target.path);
      state.served = route?.value ?? null;
      const refusal = refuseEarly(state, target);
      if (refusal) return refusal;
      const api = state.served?.api;
      if (!route || !api) return { code: "API_NOT_FOUND", reason: "No context path is a prefix of the path." };
      const preflight = api.cors?.preflight(request.method, request.rawHeaders, caller.origin);
      if (preflight) return "code" in preflight ? preflight : { status: 204, headers: preflight.headers, body: null, isPreflight: true };
      return await runCall(api, request, caller, target, route, state.requestId, state.notes);
    } catch (error) {
      return { code: "GATEWAY_ERROR", reason: error instanceof Error ? error.message : String(error) };
    } finally {
      snapshots.leave(snapshot);
    }
  };

  const finish = ({ request, requestId, caller, served }: CallState, outcome: Outcome): GatewayAnswer => {
    const refusal = isRefusal(outcome);
    const answer = refusal ? renderRefusal(outcome, caller.accept) : outcome;
    const headers: HeaderList = answer.headers;
    const isPreflight = refusal ? outcome.code === "CORS_PREFLIGHT_FAILED" : outcome.isPreflight === true;
    if (!isPreflight) served?.api?.cors?.apply(headers, caller.origin);
    headers.push("x-request-id", requestId);
    if (options.sharesConsoleOrigin) {
      // Several policies all apply, so a backend's own can only make this one stricter.
      headers.push("content-security-policy", "sandbox");
      setHeader(headers, "x-content-type-options", "nosniff");
    }
    if (request.method === "HEAD" && answer.body !== null) return { status: answer.status, rawHeaders: headers, body: null };
    if (answer.status === 204) removeHeader(headers, "content-length");
    return { status: answer.status, rawHeaders: headers, body: answer.body };
  };

  const record = ({ request, requestId, target, served, notes }: CallState, outcome: Outcome, status: number, since: number) => {
    const refusal = isRefusal(outcome) ? outcome : null;
    ports.log({
      requestId,
      method: request.method,
      path: target?.path ?? request.target.split("?", 1)[0] ?? "",
      status,
      apiId: served?.apiId ?? null,
      deploymentNumber: served?.api?.deploymentNumber ?? null,
      flow: notes.flow,
      answeredBy: notes.answeredBy,
      code: refusal?.code ?? null,
      reason: refusal?.reason ?? null,
      clientId: notes.clientId,
      durationMs: performance.now() - since,
      backendMs: notes.backendMs,
    });
  };

  return {
    replace: async (apis) => snapshots.replace(apis),
    async handle(request) {
      const since = performance.now();
      const state: CallState = {
        request,
        requestId: randomUUID(),
        caller: readCallerHeaders(request.rawHeaders),
        target: null,
        served: null,
        notes: { flow: null, answeredBy: null, clientId: null, backendMs: null },
      };
      const outcome = await run(state);
      const answer = finish(state, outcome);
      try {
        record(state, outcome, answer.status, since);
      } catch {
        // A log that fails must not take the answer with it.
      }
      return answer;
    },
    running: () => snapshots.running(),
    async protectedResource(contextPath) {
      const api = snapshots.find(contextPath);
      return api ? protectedResourceOf(api, options.publicUrl) : null;
    },
    close: () => snapshots.close(),
  };
}

const refuseTarget = (problem: string): Refusal => ({ code: "INVALID_REQUEST_TARGET", message: problem, reason: problem });
