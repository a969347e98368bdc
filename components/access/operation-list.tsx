"use client";

import { useDeferredValue, useMemo, useState } from "react";
import { count } from "@/components/ui/count";
import { SearchField } from "@/components/ui/search-field";
import { Select } from "@/components/ui/select";
import type { AccessOperationView, AccessView } from "@/lib/management/contract/access";
import { AccessTable } from "./access-table";
import { levelWords } from "./levels";
import { findOperations, type OperationFilter, offeredLevels, orderOperations } from "./operations";
import type { FlowOf } from "./requirements";

interface OperationListProps {
  access: AccessView;
  flowOf: FlowOf;
  onAllowAnonymous: ((operation: AccessOperationView) => void) | undefined;
}

/** Lists the operations with a search and a level filter; announces how many match. */
export function OperationList({ access, flowOf, onAllowAnonymous }: OperationListProps) {
  const [filter, setFilter] = useState<OperationFilter>({ search: "", level: "all" });
  const { search, level } = useDeferredValue(filter);
  const ordered = useMemo(() => orderOperations(access.operations), [access]);
  const found = useMemo(() => findOperations(ordered, { search, level }), [ordered, search, level]);
  const offered = offeredLevels(access.operations);
  const isFiltered = search.trim() !== "" || level !== "all";
  return (
    <div className="flex flex-col gap-3">
      {access.operations.length > 1 && (
        <div className="flex flex-wrap items-center gap-3">
          <SearchField
            label="Search operations"
            value={filter.search}
            onChange={(next) => setFilter((before) => ({ ...before, search: next }))}
            className="w-full sm:w-72"
          />
          <Select
            label="Level"
            hideLabel
            className="w-full sm:w-56"
            options={[
              { id: "all", label: `All levels (${access.operations.length})` },
              ...offered.map(({ level: id, count: number }) => ({ id, label: `${levelWords[id].word} (${number})` })),
            ]}
            value={filter.level}
            onChange={(next) => setFilter((before) => ({ ...before, level: next }))}
          />
          <span role="status" className="text-muted text-xs">
            {isFiltered && `${count(found.length, "operation")} found`}
          </span>
        </div>
      )}
      {found.length > 0 || !isFiltered ? (
        <AccessTable
          operations={found}
          everythingElse={isFiltered ? null : access.everythingElse}
          flowOf={flowOf}
          onAllowAnonymous={onAllowAnonymous}
        />
      ) : (
        <p className="border-line border-y py-8 text-muted">No operation matches the search and the level.</p>
      )}
    </div>
  );
}
