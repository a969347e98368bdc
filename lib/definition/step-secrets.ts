import { align } from "./align";
import { canonicalJson } from "./canonical";
import type { DefinitionRegistry, Phase } from "./registry";
import { policyOf, secretFieldsOf } from "./requirements";
import type { Definition, Flow, Step } from "./schema";

type Registry = Pick<DefinitionRegistry, "policies">;

/** The part of a slot's key that names the step: where it stands, because steps have no names of their own. */
export const stepKey = (flow: number, phase: Phase, step: number): string => `flows/${flow}/${phase}/${step}`;

/** Everything of a step but its secrets and whether it runs, as text. */
function identityOf({ policy, name, config }: Step, registry: Registry): string {
  const secret = new Set(secretFieldsOf(policyOf(registry, policy)).map(({ field }) => field));
  return canonicalJson([policy, name ?? "", Object.fromEntries(Object.entries(config).filter(([field]) => !secret.has(field)))]);
}

/** Steps that may keep secrets, by their places in their lane. */
interface Lane {
  key: (step: number) => string;
  steps: readonly Step[];
}

const groupsOf = (places: readonly number[], keyOf: (place: number) => string): Map<string, number[]> => {
  const groups = new Map<string, number[]>();
  for (const place of places) groups.set(keyOf(place), [...(groups.get(keyOf(place)) ?? []), place]);
  return groups;
};

/**
 * Pairs the steps of a lane with what they were. Steps that are alike pair in their order as long as there are as many as before;
 * where one of several came or went, nobody can tell which, and none of them pairs.
 */
function pairsIn(now: Lane, before: Lane, registry: Registry): Map<number, number> {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  const doubtful = new Set<number>();
  const keys = [
    (step: Step) => identityOf(step, registry),
    ({ policy, name }: Step) => (name ? canonicalJson([policy, name]) : ""),
    ({ policy }: Step) => policy,
  ];
  for (const keyOf of keys) {
    const free = (lane: Lane, done: (place: number) => boolean) =>
      groupsOf(
        lane.steps.flatMap((_, place) => (done(place) ? [] : [place])),
        (place) => keyOf(lane.steps[place] as Step),
      );
    const former = free(before, (place) => taken.has(place));
    for (const [key, places] of free(now, (place) => pairs.has(place) || doubtful.has(place))) {
      const candidates = former.get(key);
      if (key === "" || !candidates) continue;
      if (candidates.length !== places.length) {
        for (const place of places) doubtful.add(place);
        continue;
      }
      places.forEach((place, index) => {
        const candidate = candidates[index];
        if (candidate === undefined) return;
        pairs.set(place, candidate);
        taken.add(candidate);
      });
    }
  }
  return pairs;
}

const lanesOf = (flow: Flow, index: number): Record<Phase, Lane> => ({
  request: { key: (step) => stepKey(index, "request", step), steps: flow.request },
  response: { key: (step) => stepKey(index, "response", step), steps: flow.response },
});

const PHASES = ["request", "response"] as const;

/**
 * Says of each step of a changed definition, by its key, whose secrets it keeps: those of the step that it was. A step that is new
 * in its flow keeps those of one that equals it in all but its place, so that flows can be copied and joined; where several equal it
 * and `secretsOf` differs between them, it keeps none.
 */
export function formerSteps(
  next: Definition,
  stored: Definition,
  registry: Registry,
  secretsOf: (key: string) => string,
): ReadonlyMap<string, string> {
  const former = new Map<string, string>();
  const isKeeper = ({ policy }: Step) => secretFieldsOf(policyOf(registry, policy)).length > 0;
  const bare = (flow: Flow) =>
    canonicalJson([flow.name, flow.match, ...PHASES.map((phase) => flow[phase].map((step) => identityOf(step, registry)))]);
  const { pairs, added } = align(stored.flows, next.flows, [
    bare,
    (flow) => `${flow.name} ${canonicalJson(flow.match)}`,
    (flow) => flow.name || canonicalJson(flow.match),
    (flow) => canonicalJson(flow.match),
  ]);
  const fresh: [string, Step][] = [];
  const note = (lane: Lane, paired: ReadonlyMap<number, number>, before: Lane | null) =>
    lane.steps.forEach((step, place) => {
      const was = paired.get(place);
      if (!isKeeper(step)) return;
      if (was === undefined || before === null) fresh.push([lane.key(place), step]);
      else former.set(lane.key(place), before.key(was));
    });
  for (const { before, after } of pairs) {
    const [was, is] = [stored.flows[before], next.flows[after]];
    if (!was || !is) continue;
    const [lanesBefore, lanes] = [lanesOf(was, before), lanesOf(is, after)];
    for (const phase of PHASES) note(lanes[phase], pairsIn(lanes[phase], lanesBefore[phase], registry), lanesBefore[phase]);
  }
  for (const index of added) {
    const flow = next.flows[index];
    if (flow) for (const phase of PHASES) note(lanesOf(flow, index)[phase], new Map(), null);
  }
  if (fresh.length === 0) return former;
  const known = new Map<string, Set<string>>();
  const keyOfSecrets = new Map<string, string>();
  stored.flows.forEach((flow, index) => {
    for (const lane of Object.values(lanesOf(flow, index)))
      lane.steps.forEach((step, place) => {
        if (!isKeeper(step)) return;
        const identity = identityOf(step, registry);
        const secrets = secretsOf(lane.key(place));
        known.set(identity, (known.get(identity) ?? new Set()).add(secrets));
        keyOfSecrets.set(`${identity} ${secrets}`, lane.key(place));
      });
  });
  for (const [key, step] of fresh) {
    const identity = identityOf(step, registry);
    const [only, ...others] = known.get(identity) ?? [];
    const source = only === undefined || others.length > 0 ? undefined : keyOfSecrets.get(`${identity} ${only}`);
    if (source !== undefined) former.set(key, source);
  }
  return former;
}
