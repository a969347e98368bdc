import type { PolicyDescriptor } from "@/lib/definition/registry";
import type { Refusal } from "../errors";
import type { BackendAnswer, Exchange } from "../exchange";
import type { TokenChecker } from "../resources/contract";

/** What a policy may use while a deployment is compiled. */
export interface PolicyContext {
  contextPath: string;
  /** The token checker of a resource of this API, by name. */
  tokenChecker(resource: string): TokenChecker | undefined;
  /** A `WWW-Authenticate` challenge of this API; the parameters are added in order. */
  challenge(scheme: "Bearer" | "DPoP", parameters?: Readonly<Record<string, string>>): string;
  /** Says in a string, for the log, why a call does not prove that its caller holds the key of a token (RFC 9449); null when it does. */
  keyProblem(call: Exchange, token: string, keyThumbprint: string): Promise<string | null>;
}

/** Answers the call when it returns a refusal; otherwise the call goes on. */
export type RequestHandler = (exchange: Exchange) => Refusal | undefined | Promise<Refusal | undefined>;

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
