import type { PolicyDescriptor } from "@/lib/definition/registry";
import type { ServerResponse } from "@/lib/http-client/send-request";
import type { Refusal } from "../errors";
import type { BackendAnswer, Exchange } from "../exchange";
import type { Counters } from "../ports";
import type { TokenChecker } from "../resources/contract";
import type { LocalCounters } from "./local-counters";

/** A request that a policy sends. */
export interface PolicyRequest {
  method?: "GET" | "POST";
  /** Names and values in turn. */
  headers?: readonly string[];
  body?: string | null;
  /** Bounds the whole exchange; 5 seconds without it. */
  timeoutMs?: number;
  /** The largest body that is read; 1 MB without it. */
  maxBytes?: number;
  /** Certificates (PEM) that are trusted instead of the public authorities'. */
  caCertificates?: string | undefined;
}

/**
 * Sends one request, under the rules for where this gateway may call. Redirects are not followed; `text` is null when the body is too
 * large. It rejects when there is no response.
 */
export type PolicyFetch = (url: string, request?: PolicyRequest) => Promise<ServerResponse>;

/** What a policy counts with. Its keys are its own within its API. */
export interface PolicyCounters {
  /** Of this gateway process. They count at once. */
  readonly local: LocalCounters;
  /** Of all gateways together; null without Redis. They reject while it can't be reached. */
  readonly shared: Counters | null;
}

/** What a policy may use while a deployment is compiled, and its handlers afterwards. */
export interface PolicyContext {
  apiId: string;
  contextPath: string;
  /** The value of a secret field of this step; undefined when it is not filled in. A required one is always there. */
  secret(field: string): string | undefined;
  /** The clock, in milliseconds since the epoch. */
  now(): number;
  readonly counters: PolicyCounters;
  fetch: PolicyFetch;
  /** The token checker of a resource of this API, by name. */
  tokenChecker(resource: string): TokenChecker | undefined;
  /** A `WWW-Authenticate` challenge of this API; the parameters are added in order. */
  challenge(scheme: "Bearer" | "DPoP", parameters?: Readonly<Record<string, string>>): string;
  /** Says in a string, for the log, why a call does not prove that its caller holds the key of a token (RFC 9449); null when it does. */
  keyProblem(call: Exchange, token: string, keyThumbprint: string): Promise<string | null>;
}

/** A response of its own that a policy gives instead of the backend's, such as a mock or a redirect. */
export interface StepAnswer {
  /** 200 to 599. */
  status: number;
  /** Names and values in turn, without `content-length`. */
  headers?: readonly string[];
  body?: string | Buffer;
  /** Why, for the trace. */
  reason: string;
}

/** Answers the call when it returns an error or a response; otherwise the call goes on. */
export type RequestHandler = (exchange: Exchange) => RequestResult | Promise<RequestResult>;
type RequestResult = Refusal | StepAnswer | undefined;

/** Changes the backend's answer on its way to the caller. */
export type ResponseHandler = (exchange: Exchange, answer: BackendAnswer) => void | Promise<void>;

/** A step, ready to run. Which handlers exist says which phases the policy has. */
export interface CompiledPolicy {
  request?: RequestHandler;
  response?: ResponseHandler;
}

/** A policy with its handlers: the half that runs in gateways. */
export interface Policy {
  descriptor: PolicyDescriptor;
  /** Turns a configuration into handlers once, when a deployment is taken over. @throws when the configuration is wrong. */
  compile(config: unknown, context: PolicyContext): CompiledPolicy;
}
