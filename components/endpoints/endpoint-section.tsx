"use client";

import { Plus, Trash2 } from "lucide-react";
import { problemsIn } from "@/components/data/client";
import { useTestConnection } from "@/components/data/endpoints";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { problemsOfAnchor } from "@/components/draft/problems";
import type { WorkingCopy } from "@/components/draft/working-copy";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { notify } from "@/components/ui/notify";
import { Section } from "@/components/ui/page-body";
import type { Endpoint, EnvironmentName } from "@/lib/definition/schema";
import { BackendFields } from "./backend-fields";
import { ConnectionTest } from "./connection-test";
import { SecurityFields } from "./security/security-fields";
import { securityName } from "./security/security-types";
import { TlsFields } from "./tls-fields";

interface EndpointSectionProps {
  environment: EnvironmentName;
  title: string;
  description: string;
  /** The text shown without an endpoint. */
  absent: string;
}

const NEW_ENDPOINT: Endpoint = { url: "", timeoutMs: 30_000, security: { type: "none" } };

const withEndpoint = (copy: WorkingCopy, environment: EnvironmentName, endpoint: Endpoint | undefined): WorkingCopy => {
  const { [environment]: _, ...others } = copy.endpoints;
  return { ...copy, endpoints: endpoint ? { ...others, [environment]: endpoint } : others };
};

/** Edits one endpoint: its backend, TLS, and endpoint security. */
export function EndpointSection({ environment, title, description, absent }: EndpointSectionProps) {
  const { apiId, copy, edited, edit, problems: draftProblems, storedSecrets, movedSecrets } = useDraftEditor();
  const test = useTestConnection(apiId, environment);
  const endpoint = copy.endpoints[environment];
  const other = copy.endpoints[environment === "production" ? "sandbox" : "production"];
  const path = `endpoints.${environment}`;
  function set(next: Endpoint | undefined) {
    // Problems of an earlier test refer to earlier values.
    if (test.error) test.reset();
    edit((before) => withEndpoint(before, environment, next));
  }
  function remove() {
    test.reset();
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
  const problems = [...problemsOfAnchor(draftProblems, { kind: "api" }), ...problemsIn(test.error)];
  return (
    <Section
      title={title}
      state={<Badge>{securityName(endpoint.security)}</Badge>}
      description={description}
      actions={
        other && (
          <Button variant="quiet" icon={<Trash2 aria-hidden className="size-4" />} onPress={remove}>
            Remove {environment} endpoint
          </Button>
        )
      }
    >
      <fieldset className="grid max-w-320 grid-cols-1 gap-x-12 gap-y-6 border-line border-t pt-5 xl:grid-cols-2">
        <legend className="sr-only">{title}</legend>
        <div className="flex min-w-0 max-w-160 flex-col gap-5">
          <BackendFields endpoint={endpoint} onChange={set} path={path} contextPath={copy.contextPath} problems={problems} />
          <TlsFields
            tls={endpoint.tls}
            onChange={(tls) => set({ ...endpoint, tls })}
            path={`${path}.tls`}
            problems={problems}
            storedSecrets={storedSecrets}
            options={{ movedSecrets }}
          />
        </div>
        <div className="flex min-w-0 max-w-160 flex-col gap-5">
          <SecurityFields
            security={endpoint.security}
            onChange={(security) => set({ ...endpoint, security })}
            path={`${path}.security`}
            problems={problems}
            storedSecrets={storedSecrets}
            movedSecrets={movedSecrets}
          />
          <ConnectionTest environment={environment} endpoint={edited.endpoints[environment] ?? endpoint} test={test} />
        </div>
      </fieldset>
    </Section>
  );
}
