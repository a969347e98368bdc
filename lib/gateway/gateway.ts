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

/** A gateway serves a set of deployments until it is replaced. */
export interface Gateway {
  /**
   * Loads a set of deployments atomically. In-flight requests finish on the old set; after the promise resolves, new requests
   * run on the new one. If a deployment doesn't compile, its problem is returned and the API's previous deployment keeps
   * serving, or the API returns 503 without one. Other APIs are unaffected.
   */
  replace(apis: readonly DeployedApi[]): Promise<CompileProblem[]>;
  /**
   * Handles a request and calls back once, synchronously if possible. Every failure becomes a response: it never throws. The
   * callback must not throw either.
   */
  serve(request: GatewayRequest, respond: (answer: GatewayAnswer) => void): void;
  /** Handles a request with a promise, slower than with a callback. Never rejects. */
  handle(request: GatewayRequest): Promise<GatewayAnswer>;
  /** Deployments being served. */
  running(): { apiId: string; deploymentNumber: number }[];
  /** Returns the RFC 9728 metadata of the API at exactly this context path; null if no operation requires a token. */
  protectedResource(contextPath: string): Promise<Record<string, unknown> | null>;
  /** Returns the state of endpoint tokens, of one API or all, without the tokens. */
  endpointTokens(apiId?: string): EndpointTokenView[];
  /** Clears an endpoint's tokens, here and in the shared store. Other gateways clear them by `tokenEpoch`. Never rejects. */
  dropEndpointTokens(apiId: string, environment: EnvironmentName): Promise<void>;
  /** Stops serving; resolves when in-flight requests have finished. */
  close(): Promise<void>;
}

/** Requests with more header fields are rejected: each field costs time. */
const HEADERS_MAX = 250;

/** More gateways than this in `Via` indicate a loop. */
const HOPS_MAX = 10;

/** Creates a gateway without deployments. */
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

  /** Returns the error response of checks before flow matching, in order. */
  const refuseEarly = ({ request, caller, served }: Call, target: Target): Refusal | null => {
    const api = served?.api;
    if (target.semicolon && !api?.paths.allowSemicolon) return refuseTarget("The path has a semicolon.");
    if (target.encodedSlash && !api?.paths.allowEncodedSlash) return refuseTarget("The path has an encoded slash.");
    if (!served) return { code: "API_NOT_FOUND", reason: "No context path is a prefix of the path." };
    if (!api) return { code: "API_UNAVAILABLE", reason: `Can't load the deployment: ${served.problem ?? ""}` };
    if (!passesMethod(request.method, api.listsMethods))
      return { code: "METHOD_NOT_ALLOWED", reason: `${request.method} isn't forwarded.`, headers: ["allow", METHODS.join(", ")] };
    // With ambiguous framing, nothing after the request is read (RFC 9112, 6.3).
    if (request.rawHeaders.length > HEADERS_MAX * 2)
      return { code: "HEADERS_TOO_LARGE", reason: `The request has ${request.rawHeaders.length / 2} header fields.` };
    const problem = request.framingProblem ?? caller.problem;
    if (problem !== null) return { code: "INVALID_REQUEST", message: problem, reason: problem, headers: ["connection", "close"] };
    if (caller.host === null && request.needsHost === true) {
      const reason = "The request has no Host header.";
      return { code: "INVALID_REQUEST", message: reason, reason, headers: ["connection", "close"] };
    }
    if (caller.hops > HOPS_MAX) return { code: "LOOP_DETECTED", reason: `Via already names ${caller.hops} gateways.` };
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
      done({ code: "PATH_NOT_FOUND", reason: "A backend could read the path as belonging to an API with a longer context path." });
      return;
    }
    const preflight = api.cors?.preflight(call.method, call.request.rawHeaders, call.caller.origin);
    if (!preflight) {
      // A client can upload for any length of time.
      if (call.request.body !== null) open.add(call);
      runCall(api, call, target, found, done);
    } else done("code" in preflight ? preflight : { status: 204, headers: preflight.headers, body: null, isPreflight: true });
  };

  /** Makes the client's response; its log record is written on completion. */
  const finish = (call: Call, outcome: Outcome): GatewayAnswer => {
    const { request, caller, served } = call;
    const refusal = isRefusal(outcome) ? outcome : null;
    const { status, headers, body } = isRefusal(outcome) ? renderRefusal(outcome, caller.accept) : outcome;
    const isPreflight = isRefusal(outcome) ? outcome.code === "CORS_PREFLIGHT_FAILED" : outcome.isPreflight === true;
    if (!isPreflight) served?.api?.cors?.apply(headers, caller.origin);
    headers.push("x-request-id", call.requestId);
    if (options.sharesConsoleOrigin) {
      // Multiple policies are combined, so a backend's own can only add restrictions.
      headers.push("content-security-policy", "sandbox");
      setHeader(headers, "x-content-type-options", "nosniff");
    }
    if (status === 204) removeHeader(headers, "content-length");
    const record = (cut: Cut) => {
      try {
        ports.log(accessRecord(call, status, refusal, cut), call.runs);
      } catch {
        // A failed log write must not fail the response.
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
      // After watching: an open request retains its deployment's token checkers.
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
