import { canonicalJson } from "@/lib/definition/canonical";
import { flowTitle } from "@/lib/definition/diff";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import type { Phase } from "@/lib/definition/registry";
import { type Definition, definitionSchema, pathProblemsOf } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { bareFlow, type FlowItem, type StepItem, toDefinition, type WorkingCopy } from "./working-copy";

/** The subject of a problem. Keys keep it attached when steps move. */
export type Anchor =
  | { kind: "step"; flowKey: string; phase: Phase; key: string }
  | { kind: "flow"; key: string }
  | { kind: "resource"; key: string }
  | { kind: "api" };

/** A problem with its subject; `path` is relative to it: `config.limit`, or the full path for the API. */
export interface PlacedProblem {
  anchor: Anchor;
  path: string;
  message: string;
}

/** A rejected save: its problems and the values they refer to. */
export interface Refusal {
  message: string;
  requestId: string | undefined;
  /** Whether it had problems with paths. */
  hadProblems: boolean;
  /** Problems that only the server detects, such as a context path in use, with the value they refer to. */
  serverOnly: { problem: PlacedProblem; value: string }[];
}

const schema = definitionSchema(registry);

/** Splits `flows[0].match.path` into keys and indexes. */
export function pathParts(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) => (index === undefined ? (name ?? "") : Number(index)));
}

const joined = (parts: readonly (string | number)[]) =>
  parts
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");

/** Finds the subject of a problem in the copy it was reported for. */
export function place(problem: Problem, copy: WorkingCopy): PlacedProblem {
  const [part, index, phase, stepIndex, ...rest] = pathParts(problem.path);
  const { message } = problem;
  if (part === "flows" && typeof index === "number") {
    const flow = copy.flows[index];
    if (flow && (phase === "request" || phase === "response") && typeof stepIndex === "number") {
      const step = flow[phase][stepIndex];
      if (step) return { anchor: { kind: "step", flowKey: flow.key, phase, key: step.key }, path: joined(rest), message };
    }
    if (flow) return { anchor: { kind: "flow", key: flow.key }, path: joined(pathParts(problem.path).slice(2)), message };
  }
  if (part === "resources" && typeof index === "number") {
    const resource = copy.resources[index];
    if (resource) return { anchor: { kind: "resource", key: resource.key }, path: joined(pathParts(problem.path).slice(2)), message };
  }
  return { anchor: { kind: "api" }, path: problem.path, message };
}

function subject(anchor: Anchor, copy: WorkingCopy): unknown {
  switch (anchor.kind) {
    case "api":
      return toDefinition(copy);
    case "flow": {
      const flow = copy.flows.find(({ key }) => key === anchor.key);
      return flow && bareFlow(flow);
    }
    case "resource":
      return copy.resources.find(({ key }) => key === anchor.key);
    case "step":
      return copy.flows.find(({ key }) => key === anchor.flowKey)?.[anchor.phase].find(({ key }) => key === anchor.key);
  }
}

/** Returns the value a problem refers to, as comparable text; undefined if its subject was removed. */
function valueAbout(problem: PlacedProblem, copy: WorkingCopy): string | undefined {
  let value = subject(problem.anchor, copy);
  if (value === undefined) return undefined;
  for (const part of pathParts(problem.path)) value = (value as Record<string | number, unknown> | null | undefined)?.[part];
  return canonicalJson(value ?? null);
}

/** Returns the problems that the browser can detect. */
export function localProblems(copy: WorkingCopy): PlacedProblem[] {
  const result = schema.safeParse(toDefinition(copy));
  return result.success ? [] : problemsOf(result.error).map((problem) => place(problem, copy));
}

const idOf = ({ anchor, path }: PlacedProblem) => canonicalJson([anchor, path]);

/** Records a rejected save. Stores only server-side problems: the browser checks the others after each edit. */
export function refusalOf(
  failure: { message: string; requestId: string | undefined; problems: readonly Problem[] },
  sent: WorkingCopy,
): Refusal {
  const local = new Set(localProblems(sent).map(idOf));
  const serverOnly = failure.problems
    .map((problem) => place(problem, sent))
    .filter((problem) => !local.has(idOf(problem)))
    .map((problem) => ({ problem, value: valueAbout(problem, sent) ?? "null" }));
  return { message: failure.message, requestId: failure.requestId, hadProblems: failure.problems.length > 0, serverOnly };
}

/** Returns the problems to show: none before a rejected save, then the unresolved ones. */
export function standingProblems(copy: WorkingCopy, refusal: Refusal | null): PlacedProblem[] {
  if (!refusal) return [];
  const kept = refusal.serverOnly.filter(({ problem, value }) => valueAbout(problem, copy) === value).map(({ problem }) => problem);
  // Show one problem per value; the next one appears once it's fixed.
  const first = new Map<string, PlacedProblem>();
  for (const problem of [...localProblems(copy), ...kept]) if (!first.has(idOf(problem))) first.set(idOf(problem), problem);
  return [...first.values()];
}

/** Returns the unresolved problems of the stored draft: flow paths that earlier versions accepted but match nothing. */
export function storedProblems(copy: WorkingCopy, stored: Definition): PlacedProblem[] {
  const broken = new Set(pathProblemsOf(stored).map(({ message }) => message));
  if (broken.size === 0) return [];
  return pathProblemsOf(toDefinition(copy))
    .filter(({ message }) => broken.has(message))
    .map((problem) => place(problem, copy));
}

const sameAnchor = (a: Anchor, b: Anchor) => canonicalJson(a) === canonicalJson(b);

/** Returns the problems of one subject, with relative paths. */
export function problemsOfAnchor(problems: readonly PlacedProblem[], anchor: Anchor): Problem[] {
  return problems.filter((problem) => sameAnchor(problem.anchor, anchor)).map(({ path, message }) => ({ path, message }));
}

/** Returns the message at a path of the API, for fields outside lists. */
export function problemAt(problems: readonly PlacedProblem[], path: string): string | undefined {
  return problems.find((problem) => problem.anchor.kind === "api" && problem.path === path)?.message;
}

const titleOfStep = (step: StepItem) => step.name || registry.policies.find(({ id }) => id === step.policy)?.title || step.policy;

/** A problem's label, its page, and its field path there. */
export interface ProblemPlace {
  label: string;
  page: string;
  fieldPath: string;
}

/** Returns a problem's current location. */
export function describePlace({ anchor, path }: PlacedProblem, copy: WorkingCopy): ProblemPlace {
  if (anchor.kind === "api") {
    if (path.startsWith("endpoints"))
      return {
        label: path.startsWith("endpoints.sandbox") ? "Sandbox endpoint" : "Production endpoint",
        page: "endpoints",
        fieldPath: path,
      };
    if (path.startsWith("flow")) return { label: "Flows", page: "studio", fieldPath: path };
    if (path.startsWith("resources")) return { label: "Resources", page: "resources", fieldPath: path };
    if (path.startsWith("cors")) return { label: "CORS", page: "cors", fieldPath: path };
    return { label: "Settings", page: "settings", fieldPath: path };
  }
  if (anchor.kind === "resource") {
    const index = copy.resources.findIndex(({ key }) => key === anchor.key);
    return { label: `Resource ${copy.resources[index]?.name || index + 1}`, page: `resources?edit=${index}`, fieldPath: path };
  }
  const flowKey = anchor.kind === "flow" ? anchor.key : anchor.flowKey;
  const flowIndex = copy.flows.findIndex(({ key }) => key === flowKey);
  const flow: FlowItem | undefined = copy.flows[flowIndex];
  const title = flow ? flowTitle(bareFlow(flow)) : "Flow";
  if (anchor.kind === "flow") return { label: title, page: `studio?flow=${flowIndex}`, fieldPath: `flows[${flowIndex}].${path}` };
  const stepIndex = flow?.[anchor.phase].findIndex(({ key }) => key === anchor.key) ?? -1;
  const step = flow?.[anchor.phase][stepIndex];
  return {
    label: `${title}, ${step ? titleOfStep(step) : "step"}`,
    page: `studio?flow=${flowIndex}&step=${anchor.phase}.${stepIndex}`,
    fieldPath: `flows[${flowIndex}].${anchor.phase}[${stepIndex}].${path}`,
  };
}
