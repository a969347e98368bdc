"use client";

import { useDeferredValue, useMemo, useState } from "react";
import { count } from "@/components/ui/count";
import { SearchField } from "@/components/ui/search-field";
import type { ApiView } from "@/lib/management/contract/apis";
import { ApiTable } from "./api-table";
import { searchApis } from "./search-apis";

/** Lists the APIs with a search; announces how many match. */
export function ApiSearchList({ apis }: { apis: readonly ApiView[] }) {
  const [search, setSearch] = useState("");
  const deferred = useDeferredValue(search);
  const found = useMemo(() => searchApis(apis, deferred), [apis, deferred]);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <SearchField label="Search APIs" value={search} onChange={setSearch} className="w-full sm:w-72" />
        <span role="status" className="text-muted text-xs">
          {deferred.trim() && `${count(found.length, "API")} found`}
        </span>
      </div>
      {found.length > 0 ? (
        <ApiTable apis={found} />
      ) : (
        <p className="border-line border-y py-8 text-muted">
          No API has “{deferred.trim()}” in its name, version, context path or description.
        </p>
      )}
    </div>
  );
}
