"use client";

import { Plus, Trash2 } from "lucide-react";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { problemAt } from "@/components/draft/problems";
import type { WorkingCopy } from "@/components/draft/working-copy";
import { AdvancedFields } from "@/components/schema-form/advanced-fields";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { notify } from "@/components/ui/notify";
import { NumberField } from "@/components/ui/number-field";
import { Section } from "@/components/ui/page-body";
import { TextField } from "@/components/ui/text-field";
import type { Endpoint, EnvironmentName } from "@/lib/definition/schema";

interface EndpointSectionProps {
  environment: EnvironmentName;
  title: string;
  description: string;
  /** What it means that there is none. */
  absent: string;
}

const NEW_ENDPOINT: Endpoint = { url: "", timeoutMs: 30_000, security: { type: "none" } };

const withEndpoint = (copy: WorkingCopy, environment: EnvironmentName, endpoint: Endpoint | undefined): WorkingCopy => {
  const { [environment]: _, ...others } = copy.endpoints;
  return { ...copy, endpoints: endpoint ? { ...others, [environment]: endpoint } : others };
};

/** What an endpoint may leave out; the schema says what it means then. */
const LIMITS = [
  {
    field: "connectTimeoutMs",
    label: "Connect timeout",
    unit: "ms",
    description: "How long a connection may take to stand. Empty, it is 10 000 ms, or the timeout if that is less.",
  },
  { field: "idleTimeoutMs", label: "Idle timeout", unit: "ms", description: "How long the answer may pause. Empty, it is 300 000 ms." },
  {
    field: "totalTimeoutMs",
    label: "Total timeout",
    unit: "ms",
    description: "How long the whole answer may take. Empty, as long as it flows, which streams need.",
  },
  {
    field: "maxConnections",
    label: "Connections at most",
    unit: undefined,
    description: "As many calls again wait; further ones get 503. Empty, it is 500 for each gateway process.",
  },
] as const;

/** One backend: its URL and how long it may take. */
export function EndpointSection({ environment, title, description, absent }: EndpointSectionProps) {
  const { copy, edit, problems } = useDraftEditor();
  const endpoint = copy.endpoints[environment];
  const other = copy.endpoints[environment === "production" ? "sandbox" : "production"];
  const path = `endpoints.${environment}`;
  const set = (next: Endpoint | undefined) => edit((before) => withEndpoint(before, environment, next));

  function remove() {
    set(undefined);
    notify.info(`${title} removed`, { action: { label: "Undo", onPress: () => set(endpoint) } });
  }

  if (!endpoint) {
    return (
      <Section title={title} description={description}>
        <EmptyState
          action={
            <Button icon={<Plus aria-hidden className="size-4" />} onPress={() => set(NEW_ENDPOINT)}>
              Add {environment} endpoint
            </Button>
          }
        >
          {absent}
        </EmptyState>
      </Section>
    );
  }
  return (
    <Section
      title={title}
      description={description}
      actions={
        other && (
          <Button variant="quiet" icon={<Trash2 aria-hidden className="size-4" />} onPress={remove}>
            Remove {environment} endpoint
          </Button>
        )
      }
    >
      <fieldset className="flex max-w-160 flex-col gap-5">
        <legend className="sr-only">{title}</legend>
        <TextField
          label="Backend URL"
          type="url"
          mono
          autoComplete="off"
          value={endpoint.url}
          onChange={(url) => set({ ...endpoint, url })}
          errorMessage={problemAt(problems, `${path}.url`)}
          placeholder="https://orders.internal/v2"
          description={
            <>
              The path that remains after <code>{copy.contextPath}</code> is added to it.
            </>
          }
        />
        <NumberField
          label="Timeout"
          unit="ms"
          value={endpoint.timeoutMs}
          onChange={(timeoutMs = NEW_ENDPOINT.timeoutMs) => set({ ...endpoint, timeoutMs })}
          errorMessage={problemAt(problems, `${path}.timeoutMs`)}
          description="How long the backend may take to start its answer. Emptied, it is 30 000 ms."
        />
        <AdvancedFields
          hasError={LIMITS.some(({ field }) => problemAt(problems, `${path}.${field}`) !== undefined)}
          isChanged={LIMITS.some(({ field }) => endpoint[field] !== undefined)}
        >
          {LIMITS.map(({ field, label, unit, description: help }) => (
            <NumberField
              key={field}
              label={label}
              unit={unit}
              isOptional
              value={endpoint[field]}
              onChange={(value) => set({ ...endpoint, [field]: value })}
              errorMessage={problemAt(problems, `${path}.${field}`)}
              description={help}
            />
          ))}
        </AdvancedFields>
      </fieldset>
    </Section>
  );
}
