"use client";

import { useDeferredValue, useMemo, useState } from "react";
import { count } from "@/components/ui/count";
import { SearchField } from "@/components/ui/search-field";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { ApplicationTable } from "./application-table";
import { searchApplications } from "./search-applications";

/** Lists the applications with a search; announces how many match. */
export function ApplicationSearchList({ applications }: { applications: readonly ApplicationView[] }) {
  const [search, setSearch] = useState("");
  const deferred = useDeferredValue(search);
  const found = useMemo(() => searchApplications(applications, deferred), [applications, deferred]);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <SearchField label="Search applications" value={search} onChange={setSearch} className="w-full sm:w-72" />
        <span role="status" className="text-muted text-xs">
          {deferred.trim() && `${count(found.length, "application")} found`}
        </span>
      </div>
      {found.length > 0 ? (
        <ApplicationTable applications={found} />
      ) : (
        <p className="border-line border-y py-8 text-muted">
          No application has “{deferred.trim()}” in its name, client ID, authorization server, or scopes.
        </p>
      )}
    </div>
  );
}
