import { type EnvironmentName, METHODS } from "@/lib/definition/schema";
import { protectedResourceOf } from "./access/protected-resource";
import { compileApi } from "./compile/compile-api";
import type { Shared } from "./compile/contract";
import { type CompileProblem, createSnapshots, type Snapshot } from "./compile/snapshots";
import { createProofCheck } from "./dpop/proof";
import { TokenKeeper } from "./endpoint-security/token-keeper";
import { type Refusal, renderRefusal } from "./errors";
import type { GatewayAnswer, GatewayRequest } from "./exchange";
import { removeHeader, setHeader } from "./http/headers";
import { passesMethod } from "./http/methods";
import { parseTarget, readingsOf, type Target } from "./http/target";
import { Call } from "./pipeline/call";
import { OpenCalls } from "./pipeline/open-calls";
import { type Done, isRefusal, type Outcome, runCall } from "./pipeline/pipeline";
import { localCounters } from "./policies/local-counters";
import type { DeployedApi, GatewayOptions, GatewayPorts } from "./ports";
import type { TokenChecker } from "./resources/contract";
import { accessRecord } from "./telemetry/access-record";
import type { Cut } from "./upstream/backend-call";
import { createConnections } from "./upstream/connections";
import { type EndpointTokenView, endpointTokens, tokenOwner } from "./upstream/endpoint-tokens";
import { LeasePool } from "./upstream/leases";

/** A gateway: it serves a set of deployments until it is handed another. */
export interface Gateway {
  /**
   * Takes over a set of deployments at once. Requests that are under way end on the old set; when the promise resolves,
   * every new request runs on the new one. A deployment that does not compile is reported and the former one of its API
   * goes on; where there is none, the API answers 503. The others are not affected.
   */
  replace(apis: readonly DeployedApi[]): Promise<CompileProblem[]>;
  /**
   * Answers a call by calling back once, at once when nothing has to be waited for. Whatever goes wrong becomes an answer: it
   * never throws. What it calls must not throw either.
   */
  serve(request: GatewayRequest, respond: (answer: GatewayAnswer) => void): void;
  /** The same as a promise, for those who do not count microseconds. It never rejects. */
  handle(request: GatewayRequest): Promise<GatewayAnswer>;
  /** The deployments that are served now. */
  running(): { apiId: string; deploymentNumber: number }[];
  /** The RFC 9728 metadata of the API at exactly this context path, made from configuration alone; null when no call of it needs a token. */
  protectedResource(contextPath: string): Promise<Record<string, unknown> | null>;
  /** What is kept of the tokens of endpoints, of one API or of all: times and states, never a token. */
  endpointTokens(apiId?: string): EndpointTokenView[];
  /** Forgets the tokens of an endpoint here and where they are shared; other gateways learn of it by `tokenEpoch`. It never rejects. */
  dropEndpointTokens(apiId: string, environment: EnvironmentName): Promise<void>;
  /** Serves nothing from now on; resolves when the requests that were under way have their answers. */
  close(): Promise<void>;
}

/** No request needs more header fields; every one of them is looked at and passed on. */
const HEADERS_MAX = 250;

/** More than this many gateways of ours in a row is a gateway that calls itself. */
const HOPS_MAX = 10;

/** Makes a gateway that serves nothing yet. It is reached and hides what `options` say; all else comes from the ports. */
export function createGateway(ports: GatewayPorts, options: GatewayOptions): Gateway {
  const shared: Shared = {
    ports,
    options,
    connections: createConnections(options.outbound),
    checkers: new LeasePool<TokenChecker>((checker) => checker.release()),
    proofCheck: createProofCheck(ports.now, ports.usedProofs),
    counters: localCounters(() => ports.now()),
    tokens: new TokenKeeper({ now: ports.now, shared: ports.sharedTokens ?? null }),
  };
  const open = new OpenCalls(ports.now);
  const snapshots = createSnapshots((deployed, pauses) => compileApi(deployed, shared, pauses));

  /** What answers before any flow is matched, in the order in which it is found out. */
  const refuseEarly = ({ request, caller, served }: Call, target: Target): Refusal | null => {
    const api = served?.api;
    if (target.semicolon && !api?.paths.allowSemicolon) return refuseTarget("The path has a semicolon.");
    if (target.encodedSlash && !api?.paths.allowEncodedSlash) return refuseTarget("The path has an encoded slash.");
    if (!served) return { code: "API_NOT_FOUND", reason: "No context path is a prefix of the path." };
    if (!api) return { code: "API_UNAVAILABLE", reason: `The deployment could not be taken over: ${served.problem ?? ""}` };
    if (!passesMethod(request.method, api.listsMethods))
      return { code: "METHOD_NOT_ALLOWED", reason: `${request.method} is not passed on.`, headers: ["allow", METHODS.join(", ")] };
    // Where a message ends may be in doubt with it, so nothing that follows it is read (RFC 9112, section 6.3).
    if (request.rawHeaders.length > HEADERS_MAX * 2)
      return { code: "HEADERS_TOO_LARGE", reason: `The request has ${request.rawHeaders.length / 2} header fields.` };
    const problem = request.framingProblem ?? caller.problem;
    if (problem !== null) return { code: "INVALID_REQUEST", message: problem, reason: problem, headers: ["connection", "close"] };
    if (caller.host === null && request.needsHost === true) {
      const reason = "The request has no Host header.";
      return { code: "INVALID_REQUEST", message: reason, reason, headers: ["connection", "close"] };
    }
    if (caller.hops > HOPS_MAX) return { code: "LOOP_DETECTED", reason: `Via names ${caller.hops} gateways already.` };
    return null;
  };

  const route = (call: Call, snapshot: Snapshot, target: Target, done: Done): void => {
    const found = snapshot.router.find(target.path);
    call.served = found?.value ?? null;
    const refusal = refuseEarly(call, target);
    const api = call.served?.api;
    if (refusal || !found || !api) {
      done(refusal ?? { code: "API_NOT_FOUND", reason: "No context path is a prefix of the path." });
      return;
    }
    if (found.depth < snapshot.router.nestedDepth && snapshot.router.leadsDeeper(readingsOf(target.segments, target), found.depth)) {
      done({ code: "PATH_NOT_FOUND", reason: "A backend could read the path as one of an API whose context path is longer." });
      return;
    }
    const preflight = api.cors?.preflight(call.method, call.request.rawHeaders, call.caller.origin);
    if (!preflight) {
      // An upload lasts as long as its client likes.
      if (call.request.body !== null) open.add(call);
      runCall(api, call, target, found, done);
    } else done("code" in preflight ? preflight : { status: 204, headers: preflight.headers, body: null, isPreflight: true });
  };

  /** The answer for the caller, whose record is written when it has been handed over. */
  const finish = (call: Call, outcome: Outcome): GatewayAnswer => {
    const { request, caller, served } = call;
    const refusal = isRefusal(outcome) ? outcome : null;
    const { status, headers, body } = isRefusal(outcome) ? renderRefusal(outcome, caller.accept) : outcome;
    const isPreflight = isRefusal(outcome) ? outcome.code === "CORS_PREFLIGHT_FAILED" : outcome.isPreflight === true;
    if (!isPreflight) served?.api?.cors?.apply(headers, caller.origin);
    headers.push("x-request-id", call.requestId);
    if (options.sharesConsoleOrigin) {
      // Several policies all apply, so a backend's own can only make this one stricter.
      headers.push("content-security-policy", "sandbox");
      setHeader(headers, "x-content-type-options", "nosniff");
    }
    if (status === 204) removeHeader(headers, "content-length");
    const record = (cut: Cut) => {
      try {
        ports.log(accessRecord(call, status, refusal, cut), call.runs);
      } catch {
        // A log that fails must not take the answer with it.
      }
    };
    if (body !== null && "whenEnded" in body) {
      if (body.isComing) open.add(call);
      body.whenEnded((cut) => {
        open.remove(call);
        record(cut);
      });
    } else record(null);
    const answer: GatewayAnswer = { status, rawHeaders: headers, body: request.method === "HEAD" ? null : body };
    if ("tunnel" in outcome && outcome.tunnel) {
      answer.tunnel = outcome.tunnel;
      open.add(call);
      outcome.tunnel.socket.once("close", () => open.remove(call));
    }
    return answer;
  };

  const unexpected = (error: unknown): Refusal => ({
    code: "GATEWAY_ERROR",
    reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });

  const serve: Gateway["serve"] = (request, respond) => {
    const call = new Call(request);
    const target = parseTarget(request.target);
    if (typeof target === "string") {
      respond(finish(call, refuseTarget(target)));
      return;
    }
    call.target = target;
    const snapshot = snapshots.enter();
    let settled = false;
    const done: Done = (outcome) => {
      if (settled) return;
      settled = true;
      if (request.body !== null) open.remove(call);
      const answer = finish(call, outcome);
      // Only now: a call that goes on holds what its deployment would give back.
      snapshots.leave(snapshot);
      respond(answer);
    };
    try {
      route(call, snapshot, target, done);
    } catch (error) {
      done(unexpected(error));
    }
  };

  return {
    async replace(apis) {
      const problems = await snapshots.replace(apis);
      const ids = new Set(apis.map(({ apiId }) => apiId));
      open.keepApis((apiId) => ids.has(apiId));
      return problems;
    },
    serve,
    handle: (request) => new Promise((resolve) => serve(request, resolve)),
    running: () => snapshots.running(),
    async protectedResource(contextPath) {
      const api = snapshots.find(contextPath);
      return api ? protectedResourceOf(api, options.publicUrl) : null;
    },
    endpointTokens: (apiId) => endpointTokens(shared.tokens, apiId),
    dropEndpointTokens: (apiId, environment) => shared.tokens.drop(tokenOwner(apiId, environment)),
    async close() {
      await snapshots.close();
      shared.tokens.release();
    },
  };
}

const refuseTarget = (problem: string): Refusal => ({ code: "INVALID_REQUEST_TARGET", message: problem, reason: problem });
