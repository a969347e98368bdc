import { flowLabel } from "./flow-label";
import { closureOf, contains, matchOf, mostSpecific, type Region, regionKey, regionOf } from "./flow-regions";
import { ANY_METHOD, type OperationKey } from "./operation-paths";
import type { DefinitionRegistry } from "./registry";
import { requirementsOf, tokenPolicyOf, tokensRequired } from "./requirements";
import { type Definition, type Flow, METHODS, type Step } from "./schema";

/** A changed definition with notes about the change. */
export interface AccessChange {
  definition: Definition;
  notes: string[];
}

const FLOWS_MAX = 200;
const STEPS_MAX = 50;
const REGIONS_MAX = 400;
const NAME_MAX = 120;

type Registry = Pick<DefinitionRegistry, "policies">;

const isCatchAll = ({ match }: Flow) => match.path === "/" && match.operator === "startsWith" && match.methods.length === 0;

/** The enabled steps of a flow, as a comparable string. */
const effectOf = (flow: Flow) => JSON.stringify([flow.request, flow.response].map((steps) => steps.filter((step) => step.enabled)));

/** The limit that a change would exceed; null when it's within the limits. */
function beyondLimits({ flows }: Definition): string | null {
  if (flows.length > FLOWS_MAX) return `It would take more than ${FLOWS_MAX} flows.`;
  const full = flows.find((flow) => flow.request.length > STEPS_MAX || flow.response.length > STEPS_MAX);
  return full ? `The flow ${flowLabel(full)} would have more than ${STEPS_MAX} steps in a phase.` : null;
}

function within(before: Definition, change: AccessChange): AccessChange {
  const problem = beyondLimits(change.definition);
  return problem === null ? change : { definition: before, notes: [`Nothing was changed. ${problem}`] };
}

/** Predicates over the requirements of steps, which their policies declare. */
function stepsOf(registry: Registry) {
  const asks = (step: Step) => step.enabled && requirementsOf(step, registry).length > 0;
  const checksToken = (step: Step) => step.enabled && tokensRequired(step, registry).length > 0;
  return {
    asks,
    checksToken,
    asksAnything: (flow: Flow) => flow.request.some(asks),
    isGuarded: (flow: Flow) => flow.request.some(checksToken),
    isCheckOf: (resource: string) => (step: Step) => tokensRequired(step, registry).some((token) => token.resource === resource),
  };
}

/** A step that requires a valid token of a resource. */
function tokenStep(resource: string, registry: Registry): Step {
  const policy = tokenPolicyOf(registry);
  if (!policy?.tokenCheck) throw new Error("No policy checks tokens.");
  return { policy: policy.id, name: "Require a token", enabled: true, config: policy.tokenCheck(resource) };
}

/** Moves the token check to the front. A disabled check is enabled and keeps its scopes. */
function guarded(flow: Flow, resource: string, registry: Registry): Flow {
  const known = flow.request.find(stepsOf(registry).isCheckOf(resource));
  const check = known ? { ...known, enabled: true } : tokenStep(resource, registry);
  return { ...flow, enabled: true, request: [check, ...flow.request.filter((step) => step !== known)] };
}

/**
 * Changes the flows so that every request needs a valid token: a first flow for all paths and methods checks it. With `best`, where
 * only one flow runs per request, every flow without a check gets one.
 */
export function requireTokenForEverything(definition: Definition, { resource }: { resource: string }, registry: Registry): AccessChange {
  const { checksToken, isGuarded, isCheckOf } = stepsOf(registry);
  const isBest = definition.flowSelection === "best";
  const notes: string[] = [];
  const enabled = definition.flows.filter((flow) => flow.enabled);
  const hasCheck = enabled.some((flow) => isCatchAll(flow) && isGuarded(flow));
  if (hasCheck && (!isBest || enabled.every(isGuarded))) return { definition, notes: ["Every request already needs a token."] };

  let flows = isBest
    ? definition.flows.map((flow) => (flow.enabled && !isGuarded(flow) ? guarded(flow, resource, registry) : flow))
    : definition.flows;
  if (!flows.some((flow) => flow.enabled && isCatchAll(flow) && isGuarded(flow))) {
    // A disabled flow is reused only if the check is all that it does.
    const asleep = flows.find(
      (flow) =>
        !flow.enabled &&
        isCatchAll(flow) &&
        flow.response.length === 0 &&
        flow.request.length > 0 &&
        flow.request.every(isCheckOf(resource)),
    );
    const [first] = flows;
    if (asleep) flows = [guarded(asleep, resource, registry), ...flows.filter((flow) => flow !== asleep)];
    else if (first?.enabled && isCatchAll(first)) flows = [guarded(first, resource, registry), ...flows.slice(1)];
    else {
      const flow: Flow = {
        name: "Everything needs a token",
        enabled: true,
        match: { path: "/", operator: "startsWith", methods: [] },
        request: [tokenStep(resource, registry)],
        response: [],
      };
      flows = [flow, ...flows];
    }
    const checks = enabled.flatMap((flow) => flow.request.filter(checksToken)).flatMap((step) => tokensRequired(step, registry));
    const others = checks.filter((token) => token.resource !== resource);
    if (!isBest && others.length > 0) {
      const names = [...new Set(others.map((token) => token.resource))].join(", ");
      notes.push(`Requests that ${names} checks are now checked by ${resource} too: one token must pass both.`);
    }
  }
  return within(definition, { definition: { ...definition, flows }, notes });
}

/** The flows that run in a region: with `all` every flow that contains it, with `best` the most specific one. */
function running(definition: Definition, enabled: readonly Flow[], region: Region): Flow[] {
  const matching = enabled.filter((flow) => contains(regionOf(flow.match), region));
  if (definition.flowSelection === "all") return matching;
  const best = mostSpecific(matching, region);
  return best ? [best] : [];
}

/** Joins flows into one with the same effect. Disabled steps of `own` are kept. */
function joined(region: Region, flows: readonly Flow[], own: Flow | undefined, keeps: (step: Step) => boolean, fallback: string): Flow {
  const steps = (phase: "request" | "response") =>
    flows.flatMap((flow) => flow[phase].filter((step) => keeps(step) && (step.enabled || flow === own)));
  const name = own?.name ?? (fallback || flows.map(flowLabel).join(" + "));
  return {
    name: name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name,
    enabled: true,
    match: own?.match ?? matchOf(region),
    request: steps("request"),
    response: steps("response"),
  };
}

/** Rewrites flows region by region, from wide to narrow, so each region's flow is the most specific in it. */
class Rewriting {
  flows: Flow[];

  constructor(flows: readonly Flow[]) {
    this.flows = [...flows];
  }

  #winner(region: Region): Flow | undefined {
    const matching = this.flows.filter((flow) => flow.enabled && contains(regionOf(flow.match), region));
    return mostSpecific(matching, region);
  }

  /** Makes `wanted` the flow of the region, replacing `own` if there is one. */
  place(region: Region, wanted: Flow, own: Flow | undefined): void {
    const now = this.#winner(region);
    if (now ? effectOf(now) === effectOf(wanted) : wanted.request.length + wanted.response.length === 0) return;
    if (own) {
      this.flows = this.flows.map((flow) => (flow === own ? wanted : flow));
      if (this.#winner(region) === wanted) return;
      this.flows = this.flows.filter((flow) => flow !== wanted);
    }
    this.flows = [wanted, ...this.flows];
  }
}

/**
 * Changes the flows so that one operation allows anonymous requests and nothing else changes: it gets its own flow, and the flow
 * selection becomes `best`, for which flows that ran together are joined. A change beyond the limits is noted instead of made.
 */
export function allowAnonymous(definition: Definition, { method, path }: OperationKey, registry: Registry): AccessChange {
  const { asks, asksAnything } = stepsOf(registry);
  const listed = METHODS.find((name) => name === method);
  if (!listed && method !== ANY_METHOD) return { definition, notes: [`Nothing was changed. Flows can't match the method ${method}.`] };
  const target = regionOf({ path, operator: "equals", methods: listed ? [listed] : [] });
  const enabled = definition.flows.filter((flow) => flow.enabled);
  if (!running(definition, enabled, target).some(asksAnything)) return { definition, notes: ["This operation already needs no token."] };

  const wasAll = definition.flowSelection === "all";
  const regions = closureOf([target, ...enabled.map((flow) => regionOf(flow.match))], REGIONS_MAX);
  if (!regions) return { definition, notes: ["Nothing was changed. The flows overlap in too many ways to keep the others unchanged."] };

  const ownOf = new Map<string, Flow>();
  const twice: Flow[] = [];
  for (const flow of enabled) {
    const key = regionKey(regionOf(flow.match));
    if (!ownOf.has(key)) ownOf.set(key, flow);
    else if (wasAll) twice.push(flow);
  }
  const rewriting = new Rewriting(definition.flows.filter((flow) => !twice.includes(flow)));
  const targetKey = regionKey(target);
  const targetRun = running(definition, enabled, target);
  for (const region of regions) {
    if (!wasAll && !contains(target, region)) continue;
    const run = running(definition, enabled, region);
    // A region where the same flows run belongs to the target.
    const isSame = contains(target, region) && run.length === targetRun.length && run.every((flow, index) => flow === targetRun[index]);
    const isTarget = isSame || regionKey(region) === targetKey;
    const own = ownOf.get(regionKey(region));
    const wanted = joined(region, run, own, (step) => !isTarget || !asks(step), isTarget ? `Anonymous ${method} ${path}` : "");
    rewriting.place(region, wanted, own);
  }

  const notes: string[] = [];
  if (wasAll) {
    notes.push("The flow selection becomes best: only the most specific flow runs for each request.");
    if (enabled.length > 1) notes.push("Flows that ran together are joined, so every other request runs the same steps as before.");
    for (const flow of twice) notes.push(`The flow ${flowLabel(flow)} is joined with the one that matches the same requests.`);
  }
  if (listed && enabled.every((flow) => flow.match.methods.length === 0))
    notes.push("A flow now lists methods, so methods that flows can't list, such as PROPFIND, are rejected.");
  return within(definition, { definition: { ...definition, flowSelection: "best", flows: rewriting.flows }, notes });
}
