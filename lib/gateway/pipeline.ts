import type { AnswerBody } from "./answer-body";
import { BackendError, type BackendResponse } from "./backend-call";
import type { BackendUpgrade } from "./backend-upgrade";
import type { Call } from "./call";
import type { CompiledApi, CompiledFlow } from "./compile-api";
import type { GatewayErrorCode, Refusal } from "./errors";
import type { GatewayAnswer } from "./exchange";
import { passBackendHeaders } from "./forwarding";
import type { HeaderList } from "./headers";
import { runRequestSteps, runResponseSteps, traceSkipped } from "./steps";
import { readingsOf, type Target } from "./target";
import type { Upstream } from "./upstream";

/** What the pipeline comes to: an answer to pass on, or a refusal. */
export type Outcome =
  | {
      status: number;
      headers: HeaderList;
      body: BackendResponse["body"] | Buffer;
      tunnel?: GatewayAnswer["tunnel"];
      isPreflight?: true;
    }
  | Refusal;

/** Whether the outcome is a refusal. */
export const isRefusal = (outcome: Outcome): outcome is Refusal => "code" in outcome;

const BACKEND_CODES: Record<BackendError["kind"], GatewayErrorCode> = {
  timeout: "BACKEND_TIMEOUT",
  unreachable: "BACKEND_UNREACHABLE",
  invalid: "BACKEND_INVALID_RESPONSE",
  aborted: "CALLER_GONE",
  overloaded: "BACKEND_OVERLOADED",
  callerTooSlow: "REQUEST_TIMEOUT",
};

const RETRY_SOON = ["retry-after", "1"];

function backendRefusal(error: unknown): Refusal {
  if (!(error instanceof BackendError)) return { code: "GATEWAY_ERROR", reason: error instanceof Error ? error.message : String(error) };
  const refusal: Refusal = { code: BACKEND_CODES[error.kind], reason: error.message };
  if (error.kind === "overloaded") refusal.headers = RETRY_SOON;
  // What is left of the body is not waited for.
  if (error.kind === "callerTooSlow") refusal.headers = ["connection", "close"];
  return refusal;
}

const NO_FLOWS: readonly CompiledFlow[] = [];

function selectFlows(api: CompiledApi, indexes: readonly number[]): readonly CompiledFlow[] {
  if (indexes.length === 0) return NO_FLOWS;
  const flows: CompiledFlow[] = [];
  for (const index of indexes) {
    const flow = api.flows[index];
    if (flow) flows.push(flow);
  }
  return flows;
}

const NO_STEPS: readonly never[] = [];

/** The steps of some flows as one list; almost always it is the list of the one flow. */
function stepsOf<Key extends "request" | "response">(flows: readonly CompiledFlow[], phase: Key): CompiledFlow[Key] {
  const [only] = flows;
  if (only === undefined) return NO_STEPS;
  return flows.length === 1 ? only[phase] : (flows.flatMap((flow) => flow[phase] as readonly unknown[]) as unknown as CompiledFlow[Key]);
}

/**
 * Runs one call of a deployment: matches its flows, runs request steps, sends it to the backend of its environment,
 * runs response steps. When a request step answers, the rest is skipped.
 */
export function runCall(api: CompiledApi, call: Call, target: Target, route: { rest: string; depth: number }): Outcome | Promise<Outcome> {
  const { request } = call;
  const readings = readingsOf(route.depth === 0 ? target.segments : target.segments.slice(route.depth), target);
  const matched = api.match(request.method, readings);
  if (matched === null) return { code: "PATH_NOT_FOUND", reason: "The path matches a flow only when case is ignored." };
  const flows = selectFlows(api, matched);
  call.flow = flows.length === 0 ? null : flows.length === 1 ? (flows[0]?.label ?? null) : flows.map((flow) => flow.label).join(", ");
  call.path = route.rest === "" ? "/" : route.rest;
  request.onMatched?.({ apiId: api.apiId, deploymentNumber: api.deploymentNumber, flow: call.flow });
  const refused = runRequestSteps(stepsOf(flows, "request"), call);
  const next = (refusal: Refusal | undefined) => afterRequestSteps(api, call, target, route.rest, flows, refusal);
  return refused instanceof Promise ? refused.then(next) : next(refused);
}

function afterRequestSteps(
  api: CompiledApi,
  call: Call,
  target: Target,
  rest: string,
  flows: readonly CompiledFlow[],
  refusal: Refusal | undefined,
): Outcome | Promise<Outcome> {
  const stop = (outcome: Refusal) => {
    traceSkipped(call, stepsOf(flows, "response"), 0, "The backend was not called.");
    return outcome;
  };
  if (refusal) return stop(refusal);
  const environment = call.identity?.environment ?? "production";
  const upstream = api.upstreams[environment];
  if (!upstream) {
    return stop({
      code: "ENVIRONMENT_NOT_AVAILABLE",
      message: `This API has no ${environment} endpoint`,
      reason: `The call is for ${environment}, and the API has no such endpoint.`,
    });
  }
  const since = performance.now();
  const failed = (error: unknown) => {
    call.backendMs = performance.now() - since;
    return stop(backendRefusal(error));
  };
  try {
    return send(upstream, call, rest, target.query).then((response) => {
      call.backendMs = performance.now() - since;
      return afterBackend(api, call, flows, response);
    }, failed);
  } catch (error) {
    return failed(error);
  }
}

/** Only WebSocket is passed on: a connection that speaks HTTP/2 would carry requests that no step has seen. */
const isWebSocket = (call: Call) =>
  call.request.canUpgrade === true && call.method === "GET" && call.caller.upgrade?.trim().toLowerCase() === "websocket";

function send(upstream: Upstream, call: Call, rest: string, query: string): Promise<BackendResponse | BackendUpgrade> {
  return isWebSocket(call)
    ? upstream.upgrade(call.request, call, call.caller, rest, query)
    : upstream.send(call.request, call, call.caller, rest, query);
}

function afterBackend(
  api: CompiledApi,
  call: Call,
  flows: readonly CompiledFlow[],
  response: BackendResponse | BackendUpgrade,
): Outcome | Promise<Outcome> {
  const body: (AnswerBody & BackendResponse["body"]) | null = "body" in response ? response.body : null;
  const abandon = () => {
    body?.destroy();
    if ("socket" in response) response.socket.destroy();
  };
  if (response.status > 599) {
    abandon();
    return { code: "BACKEND_INVALID_RESPONSE", reason: `The backend answered with the status ${response.status}.` };
  }
  const answer = { status: response.status, headers: passBackendHeaders(response.rawHeaders, api.backendRules) };
  const next = (failure: Refusal | undefined): Outcome => {
    if (failure) {
      abandon();
      return failure;
    }
    const outcome: Outcome = { status: answer.status, headers: answer.headers, body };
    if ("socket" in response) outcome.tunnel = { socket: response.socket, head: response.head };
    return outcome;
  };
  const failure = runResponseSteps(stepsOf(flows, "response"), call, answer);
  return failure instanceof Promise ? failure.then(next) : next(failure);
}
