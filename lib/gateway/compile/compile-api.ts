import { flowLabel } from "@/lib/definition/flow-label";
import { compileFlows } from "@/lib/definition/flow-matcher";
import type { Requirement } from "@/lib/definition/registry";
import { secretFieldsOf } from "@/lib/definition/requirements";
import type { Definition, EnvironmentName, Flow, Step } from "@/lib/definition/schema";
import { stepKey } from "@/lib/definition/step-secrets";
import { servedCors } from "../access/protected-resource";
import type { Exchange } from "../exchange";
import { compileCors } from "../http/cors";
import type { CompiledPolicy, Policy, PolicyContext } from "../policies/contract";
import { policies } from "../policies/index";
import type { DeployedApi } from "../ports";
import type { Upstream } from "../upstream/contract";
import { type Checkers, compileCheckers } from "./compile-checkers";
import { compileUpstreams } from "./compile-upstreams";
import type { CompiledApi, CompiledFlow, Shared } from "./contract";
import { parseDefinition } from "./parse-definition";
import type { Pauses } from "./pauses";
import { type ApiContext, policyConnections, policyCounters } from "./policy-context";

const NO_SCOPES: readonly string[] = [];

const trustsNobody = () => false;

/** Decrypts all secrets, so it is called only if one is needed. */
type Secrets = () => DeployedApi["secrets"];

/** Returns the path of a step for messages: `flows[0].request[1]`. */
const pathOfStep = (key: string) => key.replace(/\/(\d+)/g, "[$1]").replaceAll("/", ".");

/** Compiled handlers of one configuration. */
interface CompiledConfig {
  handlers: CompiledPolicy;
  requirements: readonly Requirement[];
  scopes: readonly string[];
}

type StepSecrets = ReadonlyMap<string, { value: string; version: string }>;

const NO_SECRETS: StepSecrets = new Map();

/** Returns the secrets of a step. @throws Error if a required one is missing */
function secretsOf({ descriptor }: Policy, step: string, secrets: Secrets): StepSecrets {
  const fields = secretFieldsOf(descriptor);
  if (fields.length === 0) return NO_SECRETS;
  const found = fields.flatMap(({ field, meta }) => {
    const secret = secrets().get(`${step}/${field}`);
    if (meta.required && !secret?.value) throw new Error(`${pathOfStep(step)}.config.${field}: ${meta.title ?? field} is required.`);
    return secret ? [[field, secret] as const] : [];
  });
  return new Map(found);
}

function compileConfig(policy: Policy, config: Record<string, unknown>, context: PolicyContext): CompiledConfig {
  const requirements = policy.descriptor.requires(config);
  const scopes = requirements.flatMap((requirement) => (requirement.kind === "token" ? requirement.scopes : []));
  return { handlers: policy.compile(config, context), requirements, scopes: scopes.length === 0 ? NO_SCOPES : scopes };
}

/** Compiles the steps of an API. Equally configured steps share handlers. */
function stepCompiler(context: ApiContext, secrets: Secrets, shared: Shared) {
  const { apiId } = context;
  const known = new Map<string, CompiledConfig>();
  const asking = new Set<readonly Requirement[]>();
  const contexts = new Map<string, PolicyContext>();
  /** Context shared by a policy's steps without secrets: handlers retain it, and an API can have thousands. */
  const contextOf = (policy: string, own: StepSecrets): PolicyContext => {
    const known = contexts.get(policy) ?? { ...context, counters: policyCounters(shared, apiId, policy), secret: () => undefined };
    contexts.set(policy, known);
    return own.size === 0 ? known : { ...known, secret: (field) => own.get(field)?.value };
  };
  const compiledOf = (policy: Policy, config: Record<string, unknown>, place: string): CompiledConfig => {
    const own = secretsOf(policy, place, secrets);
    const versions = own.size === 0 ? "" : [...own].map(([field, { version }]) => [field, version]);
    const key = JSON.stringify([policy.descriptor.id, config, versions]);
    const found = known.get(key);
    if (found) return found;
    const compiled = compileConfig(policy, config, contextOf(policy.descriptor.id, own));
    known.set(key, compiled);
    return compiled;
  };
  const compileStep = <Phase extends "request" | "response">(step: Step, phase: Phase, flow: string, place: string) => {
    const policy = policies.find((candidate) => candidate.descriptor.id === step.policy);
    if (!policy) throw new Error(`Policy ${step.policy} doesn't exist.`);
    const compiled = step.enabled ? compiledOf(policy, step.config, place) : null;
    if (compiled !== null && phase === "request") asking.add(compiled.requirements);
    const handler = compiled === null ? null : compiled.handlers[phase];
    if (handler === undefined) throw new Error(`Policy ${step.policy} has no ${phase} phase.`);
    // Use the descriptor's strings: the parsed definition has a copy per step.
    const { id, title } = policy.descriptor;
    return { apiId, flow, phase, policy: id, name: step.name ?? title, handler, scopes: compiled?.scopes ?? NO_SCOPES };
  };
  return { compileStep, requirements: () => [...asking].flat() };
}

/** Separate from `compileApi`, so its closures don't retain compile-time data. */
async function compileSteps(flows: readonly Flow[], context: ApiContext, secrets: Secrets, shared: Shared, pauses: Pauses) {
  const { compileStep, requirements } = stepCompiler(context, secrets, shared);
  const compiled: CompiledFlow[] = [];
  for (const [index, flow] of flows.entries()) {
    if (!flow.enabled) continue;
    const pause = pauses.due();
    if (pause !== null) await pause;
    const label = flowLabel(flow);
    compiled.push({
      label,
      request: flow.request.map((step, place) => compileStep(step, "request", label, stepKey(index, "request", place))),
      response: flow.response.map((step, place) => compileStep(step, "response", label, stepKey(index, "response", place))),
    });
  }
  return { flows: compiled, requirements: requirements() };
}

/** Formats an auth-param as a quoted-string (RFC 9110, 5.6.4), without characters that it can't contain. */
const quoted = (value: string) => `"${value.replace(/[^\x20-\x7e]/g, "").replace(/["\\]/g, "\\$&")}"`;

function describeProtection(requirements: readonly Requirement[], checkers: Checkers): CompiledApi["protectedBy"] {
  const tokens = requirements.filter((requirement) => requirement.kind === "token");
  if (tokens.length === 0) return null;
  const used = tokens.flatMap(({ resource }) => checkers.get(resource) ?? []);
  return { scopes: [...new Set(tokens.flatMap(({ scopes }) => scopes))], checkers: [...new Set(used)] };
}

function compileOtherNames({ headers }: Definition): CompiledApi["otherNames"] {
  const names = headers?.allowOtherNames ?? [];
  return names.length === 0 ? null : new Set(names.map((name) => name.toLowerCase()));
}

/** Validates a request's proof once for all its steps: a second validation would count as replay. */
function keyProblemOf({ proofCheck, options }: Shared): PolicyContext["keyProblem"] {
  const checked = new WeakMap<Exchange, { keyThumbprint: string; problem: Promise<string | null> }>();
  return (call, token, keyThumbprint) => {
    const known = checked.get(call);
    if (known?.keyThumbprint === keyThumbprint) return known.problem;
    const { callerHeaders: headers, method, targetPath } = call;
    const problem = proofCheck({ headers, method, url: options.publicUrl + targetPath, token, keyThumbprint });
    checked.set(call, { keyThumbprint, problem });
    return problem;
  };
}

/**
 * Compiles a deployment: matches, steps, token checkers, and backends. Pauses during large ones, so requests are served.
 * @throws Error with the problem, holding no resources.
 */
export async function compileApi(deployed: DeployedApi, shared: Shared, pauses: Pauses): Promise<CompiledApi> {
  const definition = await parseDefinition(deployed.definition, pauses);
  const contextPath = definition.contextPath;
  const suffix = contextPath === "/" ? "" : contextPath;
  // Decrypts all secrets, so read them once, and only if needed.
  let read: DeployedApi["secrets"] | undefined;
  const secrets = () => {
    read ??= deployed.secrets;
    return read;
  };
  const checkers = compileCheckers(definition, secrets, shared, shared.options.publicUrl + suffix);
  const letGo = checkers.hold();
  const calls = policyConnections(shared.connections);
  let upstreams: Partial<Record<EnvironmentName, Upstream>> = {};
  const release = () => {
    calls.release();
    for (const upstream of Object.values(upstreams)) upstream.release();
    letGo();
  };
  try {
    const metadata = shared.options.metadataUrl + suffix;
    const context: ApiContext = {
      apiId: deployed.apiId,
      contextPath,
      now: () => shared.ports.now(),
      fetch: calls.fetch,
      tokenChecker: (name) => checkers.get(name),
      challenge: (scheme, parameters = {}) =>
        `${scheme} ${Object.entries({ realm: contextPath, ...parameters, resource_metadata: metadata })
          .map(([name, value]) => `${name}=${quoted(value)}`)
          .join(", ")}`,
      keyProblem: keyProblemOf(shared),
    };
    const enabled = definition.flows.filter((flow) => flow.enabled);
    const { flows, requirements } = await compileSteps(definition.flows, context, secrets, shared, pauses);
    const protectedBy = describeProtection(requirements, checkers);
    upstreams = compileUpstreams(definition, deployed.apiId, secrets, shared);
    return {
      apiId: deployed.apiId,
      deploymentNumber: deployed.deploymentNumber,
      contextPath,
      paths: definition.paths,
      otherNames: compileOtherNames(definition),
      match: compileFlows(enabled, definition.flowSelection),
      trustsProxy: shared.options.trustsProxy ?? trustsNobody,
      listsMethods: enabled.some((flow) => flow.match.methods.length > 0),
      flows,
      endedChallenge: context.challenge("Bearer", {
        error: "invalid_token",
        error_description: "The access token has expired or was revoked",
      }),
      cors: compileCors(servedCors(definition.cors, requirements.length > 0)),
      backendRules: { dropCors: definition.cors.enabled, sharesConsoleOrigin: shared.options.sharesConsoleOrigin },
      upstreams,
      protectedBy,
      holdCheckers: checkers.hold,
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}
