"use client";

import { useApiDocument } from "@/components/data/access";
import { pathsOf, type SuggestedPath } from "@/components/openapi/operation-words";
import { SearchableMenu } from "@/components/openapi/searchable-menu";
import { Path } from "@/components/ui/path";

const search = (paths: readonly SuggestedPath[], text: string) =>
  paths.filter(({ path }) => path.toLowerCase().includes(text.trim().toLowerCase()));

/** Suggests paths of the API's OpenAPI document for a flow's match. */
export function PathSuggestions({ apiId, onChoose }: { apiId: string; onChoose: (path: string) => void }) {
  const document = useApiDocument(apiId);
  const paths = pathsOf(document.data?.operations ?? []);
  return (
    <SearchableMenu
      label="Select from the OpenAPI document"
      searchLabel="Search paths"
      items={paths}
      idOf={({ path }) => path}
      search={search}
      onChoose={({ path }) => onChoose(path)}
    >
      {({ path, methods }) => (
        <span className="flex min-w-0 flex-1 flex-col">
          <Path>{path}</Path>
          <span className="mono text-muted text-xs">{methods.join(" ")}</span>
        </span>
      )}
    </SearchableMenu>
  );
}
