"use client";

import { useApplication } from "@/components/data/authorization";
import { ApiProblem } from "@/components/data/client";
import { LoadFailure } from "@/components/data/load-failure";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { When } from "@/components/ui/when";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { ApplicationActions } from "./application-actions";
import { ApplicationStateMark } from "./application-state-mark";
import { AuthenticationSection } from "./authentication/authentication-section";
import { usesSecrets } from "./authentication/method-words";
import { ScopesSection } from "./scopes-section";
import { SecretsSection } from "./secrets/secrets-section";
import { TokenSection } from "./token-section";

const parent = { href: "/applications", label: "Applications" };

function ApplicationDetails({ application }: { application: ApplicationView }) {
  return (
    <>
      <PageHeader
        title={application.name}
        parent={parent}
        state={
          <>
            <Badge>{application.environment}</Badge>
            <ApplicationStateMark isEnabled={application.enabled} />
          </>
        }
        meta={
          <>
            <span>
              Authorization server{" "}
              <Link href={`/authorization-servers/${application.authorizationServer}`} className="mono">
                {application.authorizationServer}
              </Link>
            </span>
            <span>
              Created <When at={application.createdAt} /> by {application.createdBy}
            </span>
          </>
        }
        actions={<ApplicationActions application={application} />}
      />
      <PageBody className="lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] lg:items-start lg:gap-x-12">
        <div className="flex min-w-0 flex-col gap-8">
          <AuthenticationSection application={application} />
          {usesSecrets(application.authentication) && <SecretsSection application={application} />}
          <ScopesSection application={application} />
        </div>
        <TokenSection application={application} />
      </PageBody>
    </>
  );
}

/** Shows one application: credentials, secrets, requestable scopes, and a test token. */
export function ApplicationPage({ applicationId }: { applicationId: string }) {
  const application = useApplication(applicationId);
  if (application.data) return <ApplicationDetails key={applicationId} application={application.data} />;
  return (
    <>
      <PageHeader title="Application" parent={parent} />
      <PageBody>
        {application.error instanceof ApiProblem && application.error.status === 404 ? (
          <EmptyState action={<ButtonLink href="/applications">Show all applications</ButtonLink>}>
            This application doesn't exist. It may have been deleted.
          </EmptyState>
        ) : application.isError ? (
          <LoadFailure title="Couldn't load the application." query={application} />
        ) : (
          <SkeletonRows label="Loading the application" />
        )}
      </PageBody>
    </>
  );
}
