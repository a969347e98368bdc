"use client";

import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { CreateApiForm } from "./create-api-form";

/** The page where an API begins. */
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
