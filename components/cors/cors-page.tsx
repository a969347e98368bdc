"use client";

import { PageBody } from "@/components/ui/page-body";
import { CorsCheck } from "./cors-check";
import { CorsSettings } from "./cors-settings";

/** An API's CORS settings, with a check that uses the gateway's code. */
export function CorsPage() {
  return (
    <PageBody className="grid gap-x-12 pt-5 xl:grid-cols-[minmax(0,560px)_minmax(0,1fr)] xl:items-start">
      <CorsSettings />
      <CorsCheck />
    </PageBody>
  );
}
