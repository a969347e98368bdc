import type { CompiledApi, CompiledFlow } from "../compile/contract";
import { EndpointSecurityFailure, endpointSecurityRefusal } from "../endpoint-security/failure";
import type { GatewayErrorCode, Refusal } from "../errors";
import type { BackendAnswer, GatewayAnswer } from "../exchange";
import type { AddressMap } from "../http/address-map";
import { dropBody } from "../http/answer-body";
import { passBackendHeaders } from "../http/forwarding";
import { type HeaderList, setHeader } from "../http/headers";
import { readingsOf, type Target } from "../http/target";
import type { StepAnswer } from "../policies/contract";
import type { BackendResponse } from "../upstream/backend-call";
import { BackendError } from "../upstream/backend-error";
import type { BackendUpgrade, UpgradeListener } from "../upstream/backend-upgrade";
import { ENDPOINT_SECURITY } from "../upstream/secured-call";
import type { Call } from "./call";
import { runRequestSteps, runResponseSteps, traceSkipped } from "./steps";

/** Result of the pipeline: a response to forward, or an error. */
export type Outcome =
  | {
      status: number;
      headers: HeaderList;
      body: BackendResponse["body"] | Buffer;
      tunnel?: GatewayAnswer["tunnel"];
      isPreflight?: true;
    }
  | Refusal;

/** Receives the outcome. Called once. */
export type Done = (outcome: Outcome) => void;

/** Whether the outcome is an error. */
export const isRefusal = (outcome: Outcome): outcome is Refusal => "code" in outcome;

const BACKEND_CODES: Record<BackendError["kind"], GatewayErrorCode> = {
  timeout: "BACKEND_TIMEOUT",
  unreachable: "BACKEND_UNREACHABLE",
  invalid: "BACKEND_INVALID_RESPONSE",
  headersTooLarge: "BACKEND_HEADERS_TOO_LARGE",
  aborted: "CALLER_GONE",
  overloaded: "BACKEND_OVERLOADED",
  callerTooSlow: "REQUEST_TIMEOUT",
  tooManyUploads: "TOO_MANY_UPLOADS",
  notAllowed: "BACKEND_NOT_ALLOWED",
};

/** Maximum number of response header fields. Their size is limited by the HTTP parser. */
const BACKEND_HEADERS_MAX = 250;

const RETRY_SOON = ["retry-after", "1"];

function backendRefusal(error: unknown): Refusal {
  if (error instanceof EndpointSecurityFailure) return endpointSecurityRefusal(error);
  if (!(error instanceof BackendError)) return { code: "GATEWAY_ERROR", reason: error instanceof Error ? error.message : String(error) };
  const refusal: Refusal = { code: BACKEND_CODES[error.kind], reason: error.message };
  if (error.kind === "overloaded") refusal.headers = RETRY_SOON;
  if (error.kind === "tooManyUploads") refusal.headers = [...RETRY_SOON, "connection", "close"];
  // Don't wait for the rest of the body.
  if (error.kind === "callerTooSlow") refusal.headers = ["connection", "close"];
  return refusal;
}

/** Makes the outcome of a step that returned a response. */
function answerOfStep({ status, headers = [], body = "", reason }: StepAnswer): Outcome {
  // A status below 200 isn't a final response (RFC 9110, 15.2).
  if (!Number.isInteger(status) || status < 200 || status > 599)
    return { code: "GATEWAY_ERROR", reason: `A step returned status ${status}. ${reason}` };
  const content = Buffer.from(body);
  return { status, headers: [...headers, "content-length", String(content.length)], body: content };
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

const requestSteps = (flow: CompiledFlow) => flow.request;
const responseSteps = (flow: CompiledFlow) => flow.response;

/** Returns the steps of the flows as one list, without copying for a single flow. */
function stepsOf<Step>(flows: readonly CompiledFlow[], of: (flow: CompiledFlow) => readonly Step[]): readonly Step[] {
  const [only] = flows;
  return only !== undefined && flows.length === 1 ? of(only) : flows.flatMap(of);
}

/** Adds headers with other characters in their names that the API allows, before any step runs. */
function passOthers(call: Call, others: HeaderList, allowed: ReadonlySet<string>): void {
  for (let index = 0; index < others.length; index += 2) {
    const name = others[index] ?? "";
    if (allowed.has(name.toLowerCase())) call.requestHeaders.push(name, others[index + 1] ?? "");
  }
}

/**
 * Runs a request: matches flows, runs request steps, calls the backend of the environment, and runs response steps. If a request
 * step returns a response, the rest is skipped. Calls back once.
 */
export function runCall(api: CompiledApi, call: Call, target: Target, route: { rest: string; depth: number }, done: Done): void {
  const { request } = call;
  const readings = readingsOf(route.depth === 0 ? target.segments : target.segments.slice(route.depth), target);
  const matched = api.match(request.method, readings);
  if (matched === null) {
    done({ code: "PATH_NOT_FOUND", reason: "The path differs from a flow's path only in case." });
    return;
  }
  const flows = selectFlows(api, matched);
  call.flow = flows.length === 0 ? null : flows.length === 1 ? (flows[0]?.label ?? null) : flows.map((flow) => flow.label).join(", ");
  call.path = route.rest === "" ? "/" : route.rest;
  call.rest = route.rest;
  call.query = target.query;
  if (api.otherNames !== null && call.caller.others !== null) passOthers(call, call.caller.others, api.otherNames);
  request.onMatched?.({ apiId: api.apiId, deploymentNumber: api.deploymentNumber, flow: call.flow });
  const way = new Way(api, call, flows, done);
  const steps = stepsOf(flows, requestSteps);
  call.requestSteps = steps;
  const refused = runRequestSteps(steps, call);
  if (refused instanceof Promise) refused.then((refusal) => way.afterRequestSteps(refusal)).catch((error: unknown) => way.onFailure(error));
  else way.afterRequestSteps(refused);
}

/** Only WebSocket upgrades are forwarded: HTTP/2 would carry requests that bypass the steps. */
const isWebSocket = ({ request, method, caller }: Call) =>
  request.canUpgrade === true && method === "GET" && caller.upgrade?.trim().toLowerCase() === "websocket";

/** Runs one request from its request steps to the backend and back. */
class Way implements UpgradeListener {
  #addresses: AddressMap | null = null;

  constructor(
    private readonly api: CompiledApi,
    private readonly call: Call,
    private readonly flows: readonly CompiledFlow[],
    private readonly done: Done,
  ) {}

  #refuse(outcome: Outcome): void {
    traceSkipped(this.call, stepsOf(this.flows, responseSteps), 0, "The backend wasn't called.");
    this.done(outcome);
  }

  afterRequestSteps(result: Refusal | StepAnswer | undefined): void {
    if (result) {
      this.#refuse("code" in result ? result : answerOfStep(result));
      return;
    }
    const { call } = this;
    const environment = call.identity?.environment ?? "production";
    const upstream = this.api.upstreams[environment];
    if (!upstream) {
      this.#refuse({
        code: "ENVIRONMENT_NOT_AVAILABLE",
        message: `This API has no ${environment} endpoint`,
        reason: `The request is for ${environment}, and the API has no such endpoint.`,
      });
      return;
    }
    call.upgrade = isWebSocket(call);
    this.#addresses = upstream.addresses;
    upstream.send(call, this);
  }

  onFailure(error: unknown): void {
    const { call } = this;
    if (call.sentAt > 0) call.backendMs = performance.now() - call.sentAt;
    if (call.ended) {
      this.#refuse(call.ended);
      return;
    }
    if (error instanceof EndpointSecurityFailure) call.answeredBy = ENDPOINT_SECURITY;
    this.#refuse(backendRefusal(error));
  }

  onUpgrade({ status, rawHeaders, socket, head }: BackendUpgrade): void {
    this.#answer(status, rawHeaders, null, { socket, head });
  }

  onResponse({ status, rawHeaders, body }: BackendResponse): void {
    this.#answer(status, rawHeaders, body, undefined);
  }

  #answer(status: number, rawHeaders: BackendResponse["rawHeaders"], body: BackendResponse["body"], tunnel: GatewayAnswer["tunnel"]): void {
    try {
      this.#pass(status, rawHeaders, body, tunnel);
    } catch (error) {
      this.#fail(error, body, tunnel);
    }
  }

  /** Catches errors of the response phase, which would otherwise leave the client without a response. */
  #fail(error: unknown, body: BackendResponse["body"], tunnel: GatewayAnswer["tunnel"]): void {
    body?.destroy();
    tunnel?.socket.destroy();
    this.done({ code: "GATEWAY_ERROR", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }

  #pass(status: number, rawHeaders: BackendResponse["rawHeaders"], body: BackendResponse["body"], tunnel: GatewayAnswer["tunnel"]): void {
    const { call, api } = this;
    call.backendMs = performance.now() - call.sentAt;
    let content = body;
    const finish = (refusal: Refusal | undefined, answer: BackendAnswer) => {
      if (refusal) {
        content?.destroy();
        tunnel?.socket.destroy();
        this.done(refusal);
      } else this.done({ status: answer.status, headers: answer.headers, body: content, tunnel });
    };
    const addresses = this.#addresses;
    if (status > 599 || addresses === null) {
      finish({ code: "BACKEND_INVALID_RESPONSE", reason: `The backend returned status ${status}.` }, { status, headers: [] });
      return;
    }
    if (rawHeaders.length > BACKEND_HEADERS_MAX * 2) {
      const reason = `The backend's response has ${rawHeaders.length / 2} header fields.`;
      finish({ code: "BACKEND_HEADERS_TOO_LARGE", reason }, { status, headers: [] });
      return;
    }
    const answer = { status, headers: passBackendHeaders(rawHeaders, api.backendRules, addresses, call) };
    if (call.transferCoding !== null) {
      const reason = `The backend's response has the transfer coding ${call.transferCoding.slice(0, 100)}; only chunked was offered.`;
      finish({ code: "BACKEND_INVALID_RESPONSE", reason }, answer);
      return;
    }
    if (status === 205) {
      // 205 has no content (RFC 9110, 15.3.6): with a length but no bytes, clients would read the next response as its body.
      dropBody(content);
      content = null;
      setHeader(answer.headers, "content-length", "0");
    }
    const failed = runResponseSteps(stepsOf(this.flows, responseSteps), call, answer);
    if (failed instanceof Promise)
      failed.then((refusal) => finish(refusal, answer)).catch((error: unknown) => this.#fail(error, content, tunnel));
    else finish(failed, answer);
  }
}
