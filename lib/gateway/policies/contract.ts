import type { PolicyDescriptor } from "@/lib/definition/registry";
import type { ServerResponse } from "@/lib/http-client/send-request";
import type { Refusal } from "../errors";
import type { BackendAnswer, Exchange } from "../exchange";
import type { Counters } from "../ports";
import type { TokenChecker } from "../resources/contract";
import type { LocalCounters } from "./local-counters";

/** A request sent by a policy. */
export interface PolicyRequest {
  method?: "GET" | "POST";
  /** Names and values in turn. */
  headers?: readonly string[];
  body?: string | null;
  /** Limits the whole exchange. Default: 5,000 ms. */
  timeoutMs?: number;
  /** Limits the response body. Default: 1 MB. */
  maxBytes?: number;
  /** Custom CA (PEM), trusted instead of the public CAs. */
  caCertificates?: string | undefined;
}

/**
 * Sends one request, subject to the outbound rules, without following redirects. `text` is null when the body is over the limit.
 * Rejects when there is no response.
 */
export type PolicyFetch = (url: string, request?: PolicyRequest) => Promise<ServerResponse>;

/** Counters of a policy. Keys are scoped to the API and the policy. */
export interface PolicyCounters {
  /** Counters of this gateway process; synchronous. */
  readonly local: LocalCounters;
  /** Counters shared by all gateways; null without Redis. Reject while Redis is unreachable. */
  readonly shared: Counters | null;
}

/** Services available to a policy when a deployment is compiled, and to its handlers afterwards. */
export interface PolicyContext {
  apiId: string;
  contextPath: string;
  /** The value of a secret field of this step; undefined when empty. A required one is never empty. */
  secret(field: string): string | undefined;
  /** The clock, in milliseconds since the epoch. */
  now(): number;
  readonly counters: PolicyCounters;
  fetch: PolicyFetch;
  /** The token checker of a resource of this API, by name. */
  tokenChecker(resource: string): TokenChecker | undefined;
  /** Makes a `WWW-Authenticate` challenge of this API, with the parameters in order. */
  challenge(scheme: "Bearer" | "DPoP", parameters?: Readonly<Record<string, string>>): string;
  /** Validates the DPoP proof of a request (RFC 9449). Returns the problem, for the log, or null. */
  keyProblem(call: Exchange, token: string, keyThumbprint: string): Promise<string | null>;
}

/** A response of the policy, such as a mock or a redirect. The backend is not called. */
export interface StepAnswer {
  /** 200 to 599. */
  status: number;
  /** Names and values in turn, without `content-length`. */
  headers?: readonly string[];
  body?: string | Buffer;
  /** The reason shown in the trace. */
  reason: string;
}

/** Handles a request. A returned error or response ends it; undefined continues with the next step. */
export type RequestHandler = (exchange: Exchange) => RequestResult | Promise<RequestResult>;
type RequestResult = Refusal | StepAnswer | undefined;

/** Changes the backend's response before the client gets it. */
export type ResponseHandler = (exchange: Exchange, answer: BackendAnswer) => void | Promise<void>;

/** A compiled step. Its handlers match the phases of its descriptor. */
export interface CompiledPolicy {
  request?: RequestHandler;
  response?: ResponseHandler;
}

/** A policy with its handlers, as gateways run it. */
export interface Policy {
  descriptor: PolicyDescriptor;
  /** Compiles a configuration into handlers, once per deployment. @throws when the configuration is invalid. */
  compile(config: unknown, context: PolicyContext): CompiledPolicy;
}
