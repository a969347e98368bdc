"use client";

import { SampleBackends } from "@/components/apis/sample-backends";
import { AdvancedFields } from "@/components/schema-form/advanced-fields";
import { messageAt } from "@/components/schema-form/values";
import { NumberField } from "@/components/ui/number-field";
import { TextField } from "@/components/ui/text-field";
import type { Problem } from "@/lib/definition/problems";
import type { Endpoint } from "@/lib/definition/schema";
import { LIMITS } from "./limits";

const TIMEOUT_MS = 30_000;

interface BackendFieldsProps {
  endpoint: Endpoint;
  onChange: (endpoint: Endpoint) => void;
  /** The endpoint's path in the definition: `endpoints.production`. */
  path: string;
  contextPath: string;
  problems: readonly Problem[];
}

/** Edits an endpoint's URL, timeouts, and connection limit. */
export function BackendFields({ endpoint, onChange, path, contextPath, problems }: BackendFieldsProps) {
  const error = (field: string) => messageAt(problems, `${path}.${field}`);
  return (
    <>
      <div data-field-path={`${path}.url`} className="flex flex-col items-start gap-2">
        <TextField
          label="Backend URL"
          type="url"
          mono
          autoComplete="off"
          className="w-full"
          value={endpoint.url}
          onChange={(url) => onChange({ ...endpoint, url })}
          errorMessage={error("url")}
          placeholder="https://orders.internal/v2"
          description={
            <>
              The gateway appends the path after <code>{contextPath}</code>.
            </>
          }
        />
        <SampleBackends onChoose={(url) => onChange({ ...endpoint, url })} />
      </div>
      <div data-field-path={`${path}.timeoutMs`}>
        <NumberField
          label="Timeout"
          unit="ms"
          value={endpoint.timeoutMs}
          onChange={(timeoutMs = TIMEOUT_MS) => onChange({ ...endpoint, timeoutMs })}
          errorMessage={error("timeoutMs")}
          description="Maximum time until the response starts. Default: 30,000 ms."
        />
      </div>
      <AdvancedFields
        hasError={LIMITS.some(({ field }) => error(field) !== undefined)}
        isChanged={LIMITS.some(({ field }) => endpoint[field] !== undefined)}
      >
        {LIMITS.map(({ field, label, unit, description }) => (
          <div key={field} data-field-path={`${path}.${field}`}>
            <NumberField
              label={label}
              unit={unit}
              isOptional
              value={endpoint[field]}
              onChange={(value) => onChange({ ...endpoint, [field]: value })}
              errorMessage={error(field)}
              description={description}
            />
          </div>
        ))}
      </AdvancedFields>
    </>
  );
}
