"use client";

import { useState } from "react";
import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button-link";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { ImportApiForm } from "./import-api-form";

/** The parts that an import left out. */
interface Leftovers {
  apiId: string;
  name: string;
  items: readonly string[];
}

/** Lists the parts of a document that weren't imported. */
function NotCarriedOver({ items }: { items: readonly string[] }) {
  return (
    <Banner meaning="open" title="The API was imported without these parts:">
      <ul className="mt-1 flex list-disc flex-col gap-1 pl-4">
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </Banner>
  );
}

/** The page that imports an API from a document. */
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
