import type { z } from "zod";
import { align } from "./align";
import { canonicalDefinition, canonicalJson } from "./canonical";
import type { Change } from "./change";
import { shownTls } from "./endpoint-tls";
import { type DefinitionRegistry, fieldMeta, type Phase } from "./registry";
import { secretFieldsOf } from "./requirements";
import type { Definition, Flow, Resource, Step } from "./schema";
import { type SecretReferences, secretSlots } from "./secrets";
import { endpointSecretChanges, securityChanges } from "./security-changes";
import { stepKey } from "./step-secrets";

export type { Change } from "./change";

/** A definition with the versions of its secrets. */
export interface Snapshot {
  definition: Definition;
  secrets: SecretReferences;
}

/** The versions of secrets on both sides. */
interface Versions {
  before: SecretReferences;
  after: SecretReferences;
}

/** Formats a value for a sentence. */
function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return "nothing";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value))
    return value.length ? value.map((item) => (typeof item === "object" ? canonicalJson(item) : String(item))).join(", ") : "none";
  return typeof value === "object" ? canonicalJson(value) : String(value);
}

const same = (a: unknown, b: unknown) => canonicalJson(a ?? null) === canonicalJson(b ?? null);

/** The name that people know a flow by: its own, or what it matches. */
export function flowTitle(flow: Flow): string {
  if (flow.name) return flow.name;
  const methods = flow.match.methods.length ? `${flow.match.methods.join(", ")} ` : "";
  return `${methods}${flow.match.path}${flow.match.operator === "startsWith" ? " and below" : ""}`;
}

class Differ {
  readonly changes: Change[] = [];

  constructor(private readonly registry: DefinitionRegistry) {}

  private changed(path: string, subject: string, before: unknown, after: unknown) {
    if (same(before, after)) return;
    this.changes.push({
      kind: "changed",
      path,
      sentence: `${subject}: ${shown(before)} → ${shown(after)}`,
      before: shown(before),
      after: shown(after),
    });
  }

  /** Compares objects field by field, with the form's titles. */
  private fields(
    path: string,
    subject: string,
    shape: Record<string, unknown>,
    before: Record<string, unknown>,
    after: Record<string, unknown>,
  ) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const schema = shape[key] as z.ZodType | undefined;
      const title = (schema && fieldMeta(schema).title) ?? key;
      this.changed(`${path}.${key}`, `${subject}, ${title.charAt(0).toLowerCase()}${title.slice(1)}`, before[key], after[key]);
    }
  }

  private policy(id: string) {
    return this.registry.policies.find((policy) => policy.id === id);
  }

  private stepTitle(step: Step): string {
    return step.name || this.policy(step.policy)?.title || step.policy;
  }

  general(before: Definition, after: Definition) {
    this.changed("name", "Name", before.name, after.name);
    this.changed("version", "Version", before.version, after.version);
    this.changed("description", "Description", before.description, after.description);
    this.changed("contextPath", "Context path", before.contextPath, after.contextPath);
    this.changed("flowSelection", "Flow selection", before.flowSelection, after.flowSelection);
    this.fields("paths", "Paths", {}, before.paths, after.paths);
    this.changed(
      "headers.allowOtherNames",
      "Headers, other names",
      before.headers?.allowOtherNames ?? [],
      after.headers?.allowOtherNames ?? [],
    );
    this.fields("cors", "CORS", {}, before.cors, after.cors);
  }

  endpoints(before: Definition, after: Definition) {
    for (const name of ["production", "sandbox"] as const) {
      const title = name === "production" ? "Production endpoint" : "Sandbox endpoint";
      const [old, now] = [before.endpoints[name], after.endpoints[name]];
      const path = `endpoints.${name}`;
      if (!old && now) this.changes.push({ kind: "added", path, sentence: `${title} added: ${now.url}` });
      else if (old && !now) this.changes.push({ kind: "removed", path, sentence: `${title} removed: ${old.url}` });
      else if (old && now) {
        this.changed(`${path}.url`, `${title}, URL`, old.url, now.url);
        this.changed(`${path}.timeoutMs`, `${title}, timeout (ms)`, old.timeoutMs, now.timeoutMs);
        this.changed(
          `${path}.connectTimeoutMs`,
          `${title}, connect timeout (ms)`,
          old.connectTimeoutMs ?? "default",
          now.connectTimeoutMs ?? "default",
        );
        this.changed(
          `${path}.idleTimeoutMs`,
          `${title}, idle timeout (ms)`,
          old.idleTimeoutMs ?? "default",
          now.idleTimeoutMs ?? "default",
        );
        this.changed(`${path}.totalTimeoutMs`, `${title}, total timeout (ms)`, old.totalTimeoutMs ?? "none", now.totalTimeoutMs ?? "none");
        this.changed(
          `${path}.maxConnections`,
          `${title}, max connections`,
          old.maxConnections ?? "default",
          now.maxConnections ?? "default",
        );
        this.changes.push(...securityChanges(`${path}.security`, title, old.security, now.security, this.registry, shown));
        const [previousTls, tls] = [shownTls(old.tls), shownTls(now.tls)];
        this.changed(`${path}.tls.ca`, `${title}, CA certificates`, previousTls.ca, tls.ca);
        this.changed(`${path}.tls.certificate`, `${title}, client certificate`, previousTls.certificate, tls.certificate);
      }
    }
  }

  resources(before: readonly Resource[], after: readonly Resource[]) {
    const { pairs, removed, added } = align(before, after, [canonicalJson, (resource) => `${resource.name} ${resource.type}`]);
    for (const index of removed)
      this.changes.push({ kind: "removed", path: `resources[${index}]`, sentence: `Resource ${before[index]?.name} removed` });
    for (const index of added) {
      const resource = after[index];
      const title = this.registry.resources.find((known) => known.type === resource?.type)?.title;
      this.changes.push({
        kind: "added",
        path: `resources[${index}]`,
        sentence: `Resource ${resource?.name} added (${title ?? resource?.type})`,
      });
    }
    for (const pair of pairs) {
      const [old, now] = [before[pair.before], after[pair.after]];
      if (!old || !now) continue;
      if (pair.moved)
        this.changes.push({
          kind: "moved",
          path: `resources[${pair.after}]`,
          sentence: `Resource ${now.name}: moved from place ${pair.before + 1} to place ${pair.after + 1}`,
        });
      const shape = this.registry.resources.find((known) => known.type === now.type)?.schema.shape ?? {};
      this.fields(`resources[${pair.after}].config`, `Resource ${now.name}`, shape, old.config, now.config);
    }
  }

  secrets(before: Snapshot, after: Snapshot) {
    this.changes.push(...endpointSecretChanges(before, after, this.registry));
    const slots = secretSlots(after.definition, this.registry).filter((slot) => slot.key.startsWith("resources/"));
    for (const slot of slots) {
      const [old, now] = [before.secrets[slot.key], after.secrets[slot.key]];
      const [, owner] = slot.key.split("/");
      const isNewResource = !before.definition.resources.some((resource) => resource.name === owner);
      if (old === now || isNewResource) continue;
      const what = `Resource ${owner}, ${slot.title.charAt(0).toLowerCase()}${slot.title.slice(1)}`;
      this.changes.push({ kind: "changed", path: slot.path, sentence: `${what}: ${!now ? "removed" : old ? "replaced" : "set"}` });
    }
  }

  /** The secrets of a step that have another version now. */
  private stepSecrets(path: string, subject: string, step: Step, keys: { before: string; after: string }, versions: Versions) {
    for (const { field, meta } of secretFieldsOf(this.policy(step.policy))) {
      const [old, now] = [versions.before[`${keys.before}/${field}`], versions.after[`${keys.after}/${field}`]];
      if (old === now) continue;
      const title = meta.title ?? field;
      const what = `${subject}, ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
      this.changes.push({
        kind: "changed",
        path: `${path}.config.${field}`,
        sentence: `${what}: ${!now ? "removed" : old ? "replaced" : "set"}`,
      });
    }
  }

  private steps(
    flow: string,
    places: { before: number; after: number },
    phase: Phase,
    before: readonly Step[],
    after: readonly Step[],
    versions: Versions,
  ) {
    const path = `flows[${places.after}]`;
    const where = `${flow}, ${phase}`;
    const { pairs, removed, added } = align(before, after, [
      canonicalJson,
      (step) => `${step.policy} ${step.name ?? ""}`,
      (step) => step.policy,
    ]);
    for (const index of removed) {
      const step = before[index];
      if (step)
        this.changes.push({ kind: "removed", path: `${path}.${phase}[${index}]`, sentence: `${where}: ${this.stepTitle(step)} removed` });
    }
    for (const index of added) {
      const step = after[index];
      if (!step) continue;
      const sentence = this.policy(step.policy)?.sentence(step.config) ?? step.policy;
      this.changes.push({
        kind: "added",
        path: `${path}.${phase}[${index}]`,
        sentence: `${where}: ${this.stepTitle(step)} added (${sentence}${step.enabled ? "" : ", disabled"})`,
      });
    }
    for (const pair of pairs) {
      const [old, now] = [before[pair.before], after[pair.after]];
      if (!old || !now) continue;
      const at = `${path}.${phase}[${pair.after}]`;
      const subject = `${where}, ${this.stepTitle(now)}`;
      if (pair.moved)
        this.changes.push({
          kind: "moved",
          path: at,
          sentence: `${subject}: moved from step ${pair.before + 1} to step ${pair.after + 1}`,
        });
      this.changed(`${at}.name`, `${subject}, name`, old.name, now.name);
      if (old.enabled !== now.enabled)
        this.changes.push({ kind: "changed", path: `${at}.enabled`, sentence: `${subject}: ${now.enabled ? "enabled" : "disabled"}` });
      this.fields(`${at}.config`, subject, this.policy(now.policy)?.schema.shape ?? {}, old.config, now.config);
      const keys = { before: stepKey(places.before, phase, pair.before), after: stepKey(places.after, phase, pair.after) };
      this.stepSecrets(at, subject, now, keys, versions);
    }
  }

  flows(before: readonly Flow[], after: readonly Flow[], versions: Versions) {
    const { pairs, removed, added } = align(before, after, [
      canonicalJson,
      (flow) => `${flow.name} ${canonicalJson(flow.match)}`,
      (flow) => flow.name || canonicalJson(flow.match),
      (flow) => canonicalJson(flow.match),
    ]);
    for (const index of removed) {
      const flow = before[index];
      if (flow) this.changes.push({ kind: "removed", path: `flows[${index}]`, sentence: `Flow ${flowTitle(flow)} removed` });
    }
    for (const index of added) {
      const flow = after[index];
      if (!flow) continue;
      this.changes.push({
        kind: "added",
        path: `flows[${index}]`,
        sentence: `Flow ${flowTitle(flow)} added${flow.enabled ? "" : " (disabled)"}`,
      });
      const places = { before: -1, after: index };
      this.steps(flowTitle(flow), places, "request", [], flow.request, versions);
      this.steps(flowTitle(flow), places, "response", [], flow.response, versions);
    }
    for (const pair of pairs) {
      const [old, now] = [before[pair.before], after[pair.after]];
      if (!old || !now) continue;
      const path = `flows[${pair.after}]`;
      const title = flowTitle(now);
      if (pair.moved)
        this.changes.push({
          kind: "moved",
          path,
          sentence: `Flow ${title}: moved from place ${pair.before + 1} to place ${pair.after + 1}`,
        });
      this.changed(`${path}.name`, `Flow ${title}, name`, old.name, now.name);
      if (old.enabled !== now.enabled)
        this.changes.push({ kind: "changed", path: `${path}.enabled`, sentence: `Flow ${title}: ${now.enabled ? "enabled" : "disabled"}` });
      this.fields(`${path}.match`, `Flow ${title}`, {}, old.match, now.match);
      this.steps(title, pair, "request", old.request, now.request, versions);
      this.steps(title, pair, "response", old.response, now.response, versions);
    }
  }
}

/**
 * Lists the changes between two definitions in document order. It's empty exactly when both have the same hash.
 */
export function describeChanges(before: Snapshot, after: Snapshot, registry: DefinitionRegistry): Change[] {
  const differ = new Differ(registry);
  const [old, now] = [canonicalDefinition(before.definition), canonicalDefinition(after.definition)];
  differ.general(old, now);
  differ.endpoints(old, now);
  differ.resources(old.resources, now.resources);
  differ.secrets(before, after);
  differ.flows(old.flows, now.flows, { before: before.secrets, after: after.secrets });
  return differ.changes;
}
