"use client";

import { AdvancedFields } from "@/components/schema-form/advanced-fields";
import { SchemaForm, type SchemaFormProps } from "@/components/schema-form/schema-form";
import { problemsAt } from "@/components/schema-form/values";
import { type EndpointTls, endpointTlsSchema } from "@/lib/definition/endpoint-tls";

interface TlsFieldsProps extends Pick<SchemaFormProps, "problems" | "storedSecrets" | "options"> {
  tls: EndpointTls | undefined;
  onChange: (tls: EndpointTls | undefined) => void;
  /** The path in the definition: `endpoints.production.tls`. */
  path: string;
}

/** Edits custom CAs and the gateway's client certificate. Empty settings become undefined. */
export function TlsFields({ tls, onChange, path, problems = [], ...rest }: TlsFieldsProps) {
  return (
    <AdvancedFields label="TLS" hasError={problemsAt(problems, path).length > 0} isChanged={tls !== undefined}>
      <div data-field-path={path}>
        <SchemaForm
          schema={endpointTlsSchema}
          value={tls ?? {}}
          onChange={(value) => onChange(Object.keys(value).length > 0 ? value : undefined)}
          problems={problems}
          basePath={path}
          {...rest}
        />
      </div>
    </AdvancedFields>
  );
}
