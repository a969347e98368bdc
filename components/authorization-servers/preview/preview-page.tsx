"use client";

import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { useApplications } from "@/components/data/authorization";
import { problemsIn } from "@/components/data/client";
import { LoadFailure } from "@/components/data/load-failure";
import { useTokenPreview } from "@/components/data/server-rules";
import { ButtonLink } from "@/components/ui/button-link";
import { cx } from "@/components/ui/cx";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody, Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ApplicationView, AuthorizationServerView } from "@/lib/management/contract/authorization";
import { useServer } from "../server-context";
import { type PreviewRequest, PreviewRequestForm } from "./preview-request";
import { PreviewResult } from "./preview-result";

const isShown = (path: string) => /^(application|resource(\[\d+\])?|scopes(\[\d+\])?)$/.test(path);

interface PreviewProps {
  server: AuthorizationServerView;
  applications: readonly ApplicationView[];
  startsWith: PreviewRequest;
}

function Preview({ server, applications, startsWith }: PreviewProps) {
  const [request, setRequest] = useState(startsWith);
  const { application, scopes, resource } = request;
  const resources = resource.split(/\s+/).filter(Boolean);
  const preview = useTokenPreview(server.id, application ? { application, scopes: [...scopes], resource: resources } : null);
  const problems = problemsIn(preview.error);
  const isAtFields = problems.length > 0 && problems.every(({ path }) => isShown(path));
  return (
    <PageBody className="lg:grid lg:grid-cols-[360px_minmax(0,1fr)] lg:items-start lg:gap-x-10">
      <PreviewRequestForm
        server={server}
        applications={applications}
        request={request}
        onChange={(changes) => setRequest((former) => ({ ...former, ...changes }))}
        onSubmit={() => void preview.refetch()}
        isPending={preview.isFetching}
        problems={problems}
      />
      <Section title="Result">
        <div
          aria-live="polite"
          aria-busy={preview.isFetching}
          className={cx("transition-opacity", preview.isPlaceholderData && "opacity-60")}
        >
          {isAtFields ? (
            <p className="border-line border-y border-dashed py-4 text-muted">Fix the marked fields in the request.</p>
          ) : preview.isError ? (
            <LoadFailure title="Couldn't preview the token." query={preview} />
          ) : preview.data ? (
            <PreviewResult preview={preview.data} base={`/authorization-servers/${server.id}`} />
          ) : application ? (
            <SkeletonRows rows={6} label="Previewing the token" />
          ) : (
            <p className="border-line border-y border-dashed py-4 text-muted">Select an application.</p>
          )}
        </div>
      </Section>
    </PageBody>
  );
}

/** Previews a token, or the reason for denial, with the code that issues tokens. Nothing is issued. */
export function PreviewPage() {
  const server = useServer();
  const applications = useApplications();
  const search = useSearchParams();
  if (!applications.data) {
    return (
      <PageBody>
        {applications.isError ? (
          <LoadFailure title="Couldn't load the applications." query={applications} />
        ) : (
          <SkeletonRows label="Loading the applications" />
        )}
      </PageBody>
    );
  }
  const mine = applications.data.filter(({ authorizationServer }) => authorizationServer === server.id);
  const first = mine.find(({ enabled }) => enabled) ?? mine[0];
  if (!first) {
    return (
      <PageBody>
        <EmptyState action={<ButtonLink href={`/applications/new?server=${encodeURIComponent(server.id)}`}>Create application</ButtonLink>}>
          No applications. A preview needs an application of this server.
        </EmptyState>
      </PageBody>
    );
  }
  const startsWith = {
    application: search.get("application") ?? first.clientId,
    scopes: search.get("scopes")?.split(" ").filter(Boolean) ?? [],
    resource: search.get("resource") ?? "",
  };
  return <Preview server={server} applications={mine} startsWith={startsWith} />;
}
