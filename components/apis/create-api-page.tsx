"use client";

import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { CreateApiForm } from "./create-api-form";

/** The page that creates an API. */
export function CreateApiPage() {
  return (
    <>
      <PageHeader title="Create API" parent={{ href: "/apis", label: "APIs" }} />
      <PageBody>
        <CreateApiForm />
      </PageBody>
    </>
  );
}
