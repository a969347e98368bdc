import { useEffect } from "react";
import { useApi, useDraft } from "./apis";

/**
 * The draft for pages that only show it: read again as soon as the API has another one, also when a colleague saved it.
 * An editor must not use it, because it would change the draft behind the editor's back.
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
