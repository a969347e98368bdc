import { canonicalJson } from "./canonical";
import type { Change } from "./change";
import { type DefinitionRegistry, fieldMeta, type SecurityConfig } from "./registry";
import type { Definition, EnvironmentName } from "./schema";
import { secretSlots } from "./secrets";

/** A further parameter of the token request, as it stands in a definition. */
interface Parameter {
  name: string;
  value?: unknown;
  secret?: unknown;
}

const parametersOf = (security: SecurityConfig): Parameter[] =>
  Array.isArray(security.parameters) ? security.parameters.map((one) => one as Parameter) : [];

const lower = (title: string) => title.charAt(0).toLowerCase() + title.slice(1);

/** How a value is shown in a sentence, as everywhere in the diff. */
type Shown = (value: unknown) => string;

const isSame = (one: unknown, other: unknown) => canonicalJson(one ?? null) === canonicalJson(other ?? null);

const shownParameter = ({ value, secret }: Parameter, shown: Shown) => (secret === true ? "a secret" : shown(value));

/** What changed in the further parameters: by name, because their order is that of the request. */
function parameterChanges(path: string, subject: string, before: SecurityConfig, after: SecurityConfig, shown: Shown): Change[] {
  const [old, now] = [parametersOf(before), parametersOf(after)];
  const changes: Change[] = [];
  old.forEach((parameter, index) => {
    if (now.some(({ name }) => name === parameter.name)) return;
    changes.push({ kind: "removed", path: `${path}[${index}]`, sentence: `${subject}, parameter ${parameter.name} removed` });
  });
  now.forEach((parameter, index) => {
    const at = `${path}[${index}]`;
    const former = old.find(({ name }) => name === parameter.name);
    const text = shownParameter(parameter, shown);
    if (!former) changes.push({ kind: "added", path: at, sentence: `${subject}, parameter ${parameter.name} added: ${text}` });
    else if (!isSame(former, parameter))
      changes.push({
        kind: "changed",
        path: at,
        sentence: `${subject}, parameter ${parameter.name}: ${shownParameter(former, shown)} → ${text}`,
        before: shownParameter(former, shown),
        after: text,
      });
  });
  const orderOf = (list: readonly Parameter[], other: readonly Parameter[]) =>
    list.flatMap(({ name }) => (other.some((one) => one.name === name) ? [name] : [])).join(" ");
  if (orderOf(old, now) !== orderOf(now, old))
    changes.push({ kind: "moved", path, sentence: `${subject}, parameters: sent in another order` });
  return changes;
}

/**
 * What changed in the way a gateway authenticates at one endpoint, in words. Secrets are not part of it; another type is one
 * change, whatever comes with it.
 */
export function securityChanges(
  path: string,
  subject: string,
  before: SecurityConfig,
  after: SecurityConfig,
  { endpointSecurity: { types, sentence } }: DefinitionRegistry,
  shown: Shown,
): Change[] {
  if (before.type !== after.type) {
    const [old, now] = [sentence(before), sentence(after)];
    return [{ kind: "changed", path, sentence: `${subject}, security: ${old} → ${now}`, before: old, after: now }];
  }
  const changes: Change[] = [];
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (field === "parameters") continue;
    if (isSame(before[field], after[field])) continue;
    const [old, now] = [shown(before[field]), shown(after[field])];
    const schema = types[after.type]?.shape[field];
    const title = (schema && fieldMeta(schema).title) ?? field;
    changes.push({
      kind: "changed",
      path: `${path}.${field}`,
      sentence: `${subject}, ${lower(title)}: ${old} → ${now}`,
      before: old,
      after: now,
    });
  }
  return [...changes, ...parameterChanges(`${path}.parameters`, subject, before, after, shown)];
}

/** The secrets of endpoints that have another version now, by name. What came with a new endpoint, type or parameter is told there. */
export function endpointSecretChanges(
  before: { definition: Definition; secrets: Readonly<Record<string, string>> },
  after: { definition: Definition; secrets: Readonly<Record<string, string>> },
  registry: DefinitionRegistry,
): Change[] {
  const former = new Set(secretSlots(before.definition, registry).map((slot) => slot.key));
  return secretSlots(after.definition, registry).flatMap((slot) => {
    const [kind, name] = slot.key.split("/");
    if (kind !== "endpoints") return [];
    const environment = name as EnvironmentName;
    const [old, now] = [before.secrets[slot.key], after.secrets[slot.key]];
    const [formerType, type] = [before, after].map(({ definition }) => definition.endpoints[environment]?.security.type);
    if (old === now || formerType !== type || !former.has(slot.key)) return [];
    const sentence = `The ${lower(slot.title)} of the ${environment} endpoint ${!now ? "was removed" : old ? "changed" : "was set"}`;
    return [{ kind: "changed" as const, path: slot.path, sentence }];
  });
}
