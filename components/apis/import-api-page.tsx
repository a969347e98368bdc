"use client";

import { useState } from "react";
import { ButtonLink } from "@/components/ui/button-link";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { ImportApiForm } from "./import-api-form";
import { NotCarriedOver } from "./not-carried-over";

/** What an import left out, when it left something out. */
interface Leftovers {
  apiId: string;
  name: string;
  items: readonly string[];
}

/** The page where an API comes from a document. */
export function ImportApiPage() {
  const [leftovers, setLeftovers] = useState<Leftovers | null>(null);
  return (
    <>
      <PageHeader title="Import API" parent={{ href: "/apis", label: "APIs" }} />
      <PageBody>
        {leftovers ? (
          <div className="flex flex-col items-start gap-4">
            <NotCarriedOver items={leftovers.items} />
            <ButtonLink href={`/apis/${leftovers.apiId}`} variant="primary">
              {`Open ${leftovers.name}`}
            </ButtonLink>
          </div>
        ) : (
          <ImportApiForm onLeftovers={setLeftovers} />
        )}
      </PageBody>
    </>
  );
}
