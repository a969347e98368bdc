"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { ClientSecretDialog } from "./client-secret-dialog";
import { CreateApplicationForm } from "./create-application-form";

/** The page where an application begins. Its secret is shown before anything else can be done. */
export function CreateApplicationPage({ serverId }: { serverId: string }) {
  const router = useRouter();
  const [created, setCreated] = useState<(ApplicationView & { clientSecret: string }) | null>(null);
  return (
    <>
      <PageHeader title="Create application" parent={{ href: "/applications", label: "Applications" }} />
      <PageBody>
        <CreateApplicationForm serverId={serverId} onCreated={setCreated} />
      </PageBody>
      {created && (
        <ClientSecretDialog
          title="Save the client secret"
          application={created}
          clientSecret={created.clientSecret}
          onAcknowledge={() => router.push(`/applications/${created.id}`)}
        />
      )}
    </>
  );
}
