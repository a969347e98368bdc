import { useEffect } from "react";
import { useApi, useDraft } from "./apis";

/**
 * The draft for read-only pages: reloads whenever its ETag changes. Editors must not use it, because it would replace
 * the draft while they edit.
 */
export function useCurrentDraft(apiId: string) {
  const latestEtag = useApi(apiId).data?.etag;
  const draft = useDraft(apiId);
  const { refetch } = draft;
  const isOutdated = draft.data !== undefined && latestEtag !== undefined && draft.data.etag !== latestEtag;
  useEffect(() => {
    if (isOutdated) void refetch();
  }, [isOutdated, refetch]);
  return draft;
}
