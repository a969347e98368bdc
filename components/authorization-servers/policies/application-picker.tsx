"use client";

import { TriangleAlert } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { searchApplications } from "@/components/applications/search-applications";
import { useApplications } from "@/components/data/authorization";
import { LoadFailure } from "@/components/data/load-failure";
import { Checkbox } from "@/components/ui/checkbox";
import { SearchField } from "@/components/ui/search-field";
import { SkeletonRows } from "@/components/ui/skeleton";

interface ApplicationPickerProps {
  serverId: string;
  /** IDs of the selected applications. */
  value: readonly string[];
  onChange: (ids: string[]) => void;
  errorMessage: string | undefined;
}

/** Selects some of a server's applications. */
export function ApplicationPicker({ serverId, value, onChange, errorMessage }: ApplicationPickerProps) {
  const applications = useApplications();
  const [search, setSearch] = useState("");
  const deferred = useDeferredValue(search);
  if (!applications.data) {
    return applications.isError ? (
      <LoadFailure title="Couldn't load the applications." query={applications} />
    ) : (
      <SkeletonRows rows={3} label="Loading the applications" />
    );
  }
  const mine = applications.data.filter(({ authorizationServer }) => authorizationServer === serverId);
  const found = searchApplications(mine, deferred);
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="sr-only">Applications</legend>
      {mine.length > 8 && <SearchField label="Search applications" value={search} onChange={setSearch} />}
      <div className="flex max-h-60 flex-col overflow-y-auto rounded-control border border-line px-2.5 py-1">
        {found.map((application) => (
          <Checkbox
            key={application.id}
            label={application.name}
            className="py-1"
            description={<span className="mono">{application.clientId}</span>}
            isSelected={value.includes(application.id)}
            onChange={(isSelected) => onChange(isSelected ? [...value, application.id] : value.filter((id) => id !== application.id))}
          />
        ))}
        {found.length === 0 && (
          <p className="py-1 text-muted">{mine.length === 0 ? "This server has no applications yet." : "No application matches."}</p>
        )}
      </div>
      {errorMessage && (
        <p role="alert" className="flex gap-1.5 font-medium text-failing text-xs">
          <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {errorMessage}
        </p>
      )}
    </fieldset>
  );
}
