import { randomUUID } from "node:crypto";
import { type CompiledApi, compileApi, type Shared } from "./compile-api";
import { renderRefusal, type Refusal } from "./errors";
import type { GatewayAnswer, GatewayRequest } from "./exchange";
import { type CallerHeaders, readCallerHeaders } from "./forwarding";
import { type HeaderList, removeHeader, setHeader } from "./headers";
import { LeasePool } from "./leases";
import { type CallNotes, isRefusal, type Outcome, runCall } from "./pipeline";
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

interface Finding {
  served: Served | null;
  target: Target | null;
  outcome: Outcome;
}

const METHODS_REFUSED = new Set(["TRACE", "CONNECT"]);

/** Makes a gateway that serves nothing yet. It is reached and hides what `options` say; all else comes from the ports. */
export function createGateway(ports: GatewayPorts, options: GatewayOptions): Gateway {
  const shared: Shared = { ports, options, connections: createConnections(), checkers: new LeasePool<TokenChecker>((checker) => checker.release()) };
  const snapshots = createSnapshots((deployed) => compileApi(deployed, shared));

  const inspect = (target: Target, api: CompiledApi | null): Refusal | null => {
    if (target.semicolon && !api?.paths.allowSemicolon) return refuseTarget("The path has a semicolon.");
    if (target.encodedSlash && !api?.paths.allowEncodedSlash) return refuseTarget("The path has an encoded slash.");
    return null;
  };

  const run = async (request: GatewayRequest, caller: CallerHeaders, requestId: string, notes: CallNotes, find: Served | null, target: Target, route: { rest: string; depth: number } | null): Promise<Outcome> => {
    const api = find?.api ?? null;
    const refused = inspect(target, api);
    if (refused) return refused;
    if (find === null || route === null) return { code: "API_NOT_FOUND", reason: "No context path is a prefix of the path." };
    if (api === null) return { code: "API_UNAVAILABLE", reason: `The deployment could not be taken over: ${find.problem ?? ""}` };
    if (METHODS_REFUSED.has(request.method)) return { code: "METHOD_NOT_ALLOWED", reason: `${request.method} is not passed on.` };
    if (caller.problem !== null) return { code: "INVALID_REQUEST", message: caller.problem, reason: caller.problem };
    const preflight = api.cors?.preflight(request.method, request.rawHeaders, caller.origin);
    if (preflight) return "code" in preflight ? preflight : { status: 204, headers: preflight.headers, body: null, isPreflight: true };
    return runCall(api, request, caller, target, route, requestId, notes);
  };

  const finish = (request: GatewayRequest, caller: CallerHeaders, requestId: string, api: CompiledApi | null, outcome: Outcome): GatewayAnswer => {
    const refusal = isRefusal(outcome);
    const answer = refusal ? renderRefusal(outcome, caller.accept) : outcome;
    const headers: HeaderList = answer.headers;
    const isPreflight = refusal ? outcome.code === "CORS_PREFLIGHT_FAILED" : outcome.isPreflight === true;
    if (!isPreflight) api?.cors?.apply(headers, caller.origin);
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

  const answerCall = async (request: GatewayRequest, requestId: string, notes: CallNotes): Promise<Finding & { caller: CallerHeaders }> => {
    const caller = readCallerHeaders(request.rawHeaders);
    const target = parseTarget(request.target);
    if (typeof target === "string") return { caller, served: null, target: null, outcome: refuseTarget(target) };
    const snapshot = snapshots.enter();
    try {
      const route = snapshot.router.find(target.path);
      const served = route?.value ?? null;
      return { caller, served, target, outcome: await run(request, caller, requestId, notes, served, target, route) };
    } finally {
      snapshots.leave(snapshot);
    }
  };

  return {
    replace: async (apis) => snapshots.replace(apis),
    async handle(request) {
      const since = performance.now();
      const requestId = randomUUID();
      const notes: CallNotes = { flow: null, answeredBy: null, clientId: null, backendMs: null };
      let finding: Finding & { caller: CallerHeaders };
      try {
        finding = await answerCall(request, requestId, notes);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        finding = { caller: { ...readCallerHeaders([]), accept: null }, served: null, target: null, outcome: { code: "GATEWAY_ERROR", reason } };
      }
      const { caller, served, target, outcome } = finding;
      const answer = finish(request, caller, requestId, served?.api ?? null, outcome);
      const refusal = isRefusal(outcome) ? outcome : null;
      ports.log({
        requestId,
        method: request.method,
        path: target?.path ?? request.target.split("?", 1)[0] ?? "",
        status: answer.status,
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
