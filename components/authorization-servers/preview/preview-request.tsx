"use client";

import { useState } from "react";
import { ScopeListField } from "@/components/applications/scope-list-field";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/page-body";
import { Select } from "@/components/ui/select";
import { TextField } from "@/components/ui/text-field";
import type { Problem } from "@/lib/definition/problems";
import type { ApplicationView, AuthorizationServerView } from "@/lib/management/contract/authorization";

/** The token request to preview. */
export interface PreviewRequest {
  /** A client ID. */
  application: string;
  scopes: readonly string[];
  /** Separated by spaces; empty for none. */
  resource: string;
}

interface PreviewRequestFormProps {
  server: AuthorizationServerView;
  applications: readonly ApplicationView[];
  request: PreviewRequest;
  onChange: (changes: Partial<PreviewRequest>) => void;
  /** Called on submit, even without changes. */
  onSubmit: () => void;
  isPending: boolean;
  problems: readonly Problem[];
}

/** Edits the request to preview. Changes apply immediately; the resource applies on blur. */
export function PreviewRequestForm(props: PreviewRequestFormProps) {
  const { server, applications, request, onChange, onSubmit, isPending, problems } = props;
  const [resource, setResource] = useState(request.resource);
  const problemAt = (path: string) => problems.find((problem) => problem.path.replace(/\[\d+\]$/, "") === path)?.message;
  const options = applications.map(({ clientId, name, enabled }) => ({
    id: clientId,
    label: name,
    description: enabled ? clientId : `${clientId}, inactive`,
  }));
  return (
    <Section title="Request">
      <form
        aria-label="Token request"
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (resource.trim() === request.resource) onSubmit();
          else onChange({ resource: resource.trim() });
        }}
      >
        <Select
          label="Application"
          options={options}
          value={request.application || null}
          onChange={(application) => onChange({ application })}
          errorMessage={problemAt("application")}
        />
        <ScopeListField
          label="Scopes"
          serverId={server.id}
          value={request.scopes}
          onChange={(scopes) => onChange({ scopes })}
          problems={problems}
          description="Empty: the default scopes that the rule and the application allow."
        />
        <TextField
          label="Resource"
          isOptional
          mono
          autoComplete="off"
          placeholder={server.audience}
          value={resource}
          onChange={setResource}
          onBlur={() => onChange({ resource: resource.trim() })}
          description="URL of a deployed API; the token is valid for that API only (RFC 8707). Separate several with spaces. Default: the server's audience."
          errorMessage={problemAt("resource")}
        />
        <Button type="submit" variant="primary" className="self-start" isPending={isPending}>
          Preview token
        </Button>
      </form>
    </Section>
  );
}
