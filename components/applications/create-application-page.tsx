"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { CreatedApplication } from "@/components/data/authorization";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { CreateApplicationForm } from "./create-application-form";
import { ClientSecretDialog } from "./secrets/client-secret-dialog";

/** The page that creates an application. It shows the client secret before the user can continue. */
export function CreateApplicationPage({ serverId }: { serverId: string }) {
  const router = useRouter();
  const [created, setCreated] = useState<{ application: CreatedApplication; clientSecret: string } | null>(null);

  function handleCreated(application: CreatedApplication) {
    if (application.clientSecret === null) router.push(`/applications/${application.id}`);
    else setCreated({ application, clientSecret: application.clientSecret });
  }
  return (
    <>
      <PageHeader title="Create application" parent={{ href: "/applications", label: "Applications" }} />
      <PageBody>
        <CreateApplicationForm serverId={serverId} onCreated={handleCreated} />
      </PageBody>
      {created && (
        <ClientSecretDialog
          title="Save the client secret"
          application={created.application}
          clientSecret={created.clientSecret}
          onAcknowledge={() => router.push(`/applications/${created.application.id}`)}
        />
      )}
    </>
  );
}
