import { BackendError, type BackendResponse } from "./backend-call";
import type { CompiledApi, CompiledFlow } from "./compile-api";
import type { Refusal } from "./errors";
import type { CallNotes, Exchange, GatewayRequest } from "./exchange";
import { type CallerHeaders, passBackendHeaders } from "./forwarding";
import type { HeaderList } from "./headers";
import { runRequestSteps, runResponseSteps, type StepCall, skipResponseSteps } from "./steps";
import { readingsOf, type Target } from "./target";

/** What the pipeline comes to: an answer to pass on, or a refusal. */
export type Outcome = { status: number; headers: HeaderList; body: BackendResponse["body"] | Buffer; isPreflight?: true } | Refusal;

/** Whether the outcome is a refusal. */
export const isRefusal = (outcome: Outcome): outcome is Refusal => "code" in outcome;

class Call implements StepCall {
  identity: Exchange["identity"] = null;
  payload: Exchange["payload"] = null;
  readonly method: string;
  readonly authorization: string | null;
  readonly requestHeaders: HeaderList;
  readonly explain: ((text: string) => void) | undefined;
  explanation = "";

  constructor(
    readonly requestId: string,
    readonly path: string,
    request: GatewayRequest,
    caller: CallerHeaders,
  ) {
    this.method = request.method;
    this.authorization = caller.authorization;
    this.requestHeaders = caller.headers;
    this.explain = request.trace
      ? (text) => {
          this.explanation = text;
        }
      : undefined;
  }
}

const BACKEND_CODES = {
  timeout: "BACKEND_TIMEOUT",
  unreachable: "BACKEND_UNREACHABLE",
  invalid: "BACKEND_INVALID_RESPONSE",
  aborted: "CALLER_GONE",
} as const;

const backendRefusal = (error: unknown): Refusal =>
  error instanceof BackendError
    ? { code: BACKEND_CODES[error.kind], reason: error.message }
    : { code: "GATEWAY_ERROR", reason: error instanceof Error ? error.message : String(error) };

/**
 * Runs one call of a deployment: matches its flows, runs request steps, sends it to the backend of its environment,
 * runs response steps. When a request step answers, the rest is skipped.
 */
export async function runCall(
  api: CompiledApi,
  request: GatewayRequest,
  caller: CallerHeaders,
  target: Target,
  route: { rest: string; depth: number },
  requestId: string,
  notes: CallNotes,
): Promise<Outcome> {
  const readings = readingsOf(route.depth === 0 ? target.segments : target.segments.slice(route.depth), target);
  const matched = api.match(request.method, readings);
  if (matched === null) return { code: "PATH_NOT_FOUND", reason: "The path matches a flow only when case is ignored." };
  const flows: CompiledFlow[] = [];
  for (const index of matched) {
    const flow = api.flows[index];
    if (flow) flows.push(flow);
  }
  notes.flow = flows.length === 0 ? null : flows.length === 1 ? (flows[0]?.label ?? null) : flows.map((flow) => flow.label).join(", ");
  request.onMatched?.({ apiId: api.apiId, deploymentNumber: api.deploymentNumber, flow: notes.flow });

  const call = new Call(requestId, route.rest === "" ? "/" : route.rest, request, caller);
  const refusal = await runRequestSteps(flows, call, request.trace, notes);
  notes.clientId = call.identity?.clientId ?? null;
  if (refusal) {
    skipResponseSteps(flows, request.trace);
    return refusal;
  }
  const environment = call.identity?.environment ?? "production";
  const upstream = api.upstreams[environment];
  if (!upstream) {
    skipResponseSteps(flows, request.trace);
    return {
      code: "ENVIRONMENT_NOT_AVAILABLE",
      message: `This API has no ${environment} endpoint`,
      reason: `The call is for ${environment}, and the API has no such endpoint.`,
    };
  }
  const since = performance.now();
  let response: BackendResponse;
  try {
    response = await upstream.send(request, call, caller, route.rest, target.query);
  } catch (error) {
    skipResponseSteps(flows, request.trace);
    return backendRefusal(error);
  } finally {
    notes.backendMs = performance.now() - since;
  }
  if (response.status > 599) {
    response.body?.destroy();
    return { code: "BACKEND_INVALID_RESPONSE", reason: `The backend answered with the status ${response.status}.` };
  }
  const answer = { status: response.status, headers: passBackendHeaders(response.rawHeaders, api.backendRules) };
  const failure = await runResponseSteps(flows, call, answer, request.trace, notes);
  if (failure) {
    response.body?.destroy();
    return failure;
  }
  return { status: answer.status, headers: answer.headers, body: response.body };
}
