import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AccessSummaryView, AccessView, ApiDocumentView, CorsCheckView, OperationLevelView } from "@/lib/management/contract/access";
import { ApiProblem, call, read, readAll } from "./client";
import { useSingleMutation } from "./single-mutation";

/** Which of an API's two definitions is looked at. */
export type Which = "draft" | "deployed";

const key = {
  document: (id: string) => ["apis", id, "openapi"] as const,
  access: (id: string) => ["apis", id, "access"] as const,
};

/** All pages of what the operations ask, as one. */
export async function readAccess(id: string, of: Which, signal?: AbortSignal): Promise<AccessView> {
  const page = (cursor: string | null) => {
    const query = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    return read<AccessView>(`/apis/${id}/access?of=${of}&limit=200${query}`, signal);
  };
  const whole = await page(null);
  let cursor = whole.nextCursor;
  while (cursor !== null) {
    const next = await page(cursor);
    whole.operations.push(...next.operations);
    cursor = next.nextCursor;
  }
  return { ...whole, nextCursor: null };
}

/** How many operations ask what: all that an overview needs. */
export const useAccessSummary = (id: string, of: Which, version: string | number | null | undefined) =>
  useQuery({
    queryKey: [...key.access(id), "summary", of, version ?? "none"],
    queryFn: ({ signal }) => read<AccessSummaryView>(`/apis/${id}/access/summary?of=${of}`, signal),
  });

/** Reads every operation with its level alone. `version` is the draft's ETag or the deployment's number. */
export const operationsQuery = (id: string, of: Which, version: string | number | null | undefined) =>
  queryOptions({
    queryKey: [...key.access(id), "operations", of, version ?? "none"],
    queryFn: ({ signal }) => readAll<OperationLevelView>(`/apis/${id}/operations?of=${of}`, signal),
  });

/** The operations of what is deployed, to choose one from. */
export const useDeployedOperations = (id: string, number: number | undefined) => useQuery(operationsQuery(id, "deployed", number));

/**
 * What each operation asks of its callers. `version` is the draft's ETag or the deployment's number: with another one
 * it is read again, while the former answer stays in view.
 */
export const useAccess = (id: string, of: Which, version: string | number | null | undefined, enabled = true) =>
  useQuery({
    queryKey: [...key.access(id), of, version ?? "none"],
    queryFn: ({ signal }) => readAccess(id, of, signal),
    enabled,
    // The answer before is only a stand-in while it is of the same definition.
    placeholderData: (before, query) => (query?.queryKey[3] === of ? keepPreviousData(before) : undefined),
  });

/** The API's OpenAPI document; null when none is attached. */
export const useApiDocument = (id: string, enabled = true) =>
  useQuery({
    queryKey: key.document(id),
    queryFn: async ({ signal }): Promise<ApiDocumentView | null> => {
      try {
        return await read<ApiDocumentView>(`/apis/${id}/openapi`, signal);
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }
    },
    enabled,
    staleTime: 30_000,
  });

function useDocumentChange(id: string) {
  const client = useQueryClient();
  return (document: ApiDocumentView | null) => {
    client.setQueryData(key.document(id), document);
    return client.invalidateQueries({ queryKey: key.access(id) });
  };
}

/** Attaches an OpenAPI document, or replaces the one there is. */
export function usePutDocument(id: string) {
  const onChange = useDocumentChange(id);
  return useSingleMutation({
    mutationFn: async (text: string) => (await call<ApiDocumentView>(`/apis/${id}/openapi`, { method: "PUT", text })).data,
    onSuccess: onChange,
  });
}

/** Removes the OpenAPI document. */
export function useDeleteDocument(id: string) {
  const onChange = useDocumentChange(id);
  return useSingleMutation({
    mutationFn: async () => {
      await call(`/apis/${id}/openapi`, { method: "DELETE" });
    },
    onSuccess: () => onChange(null),
  });
}

/** What a page of another origin sends, to be checked. */
export interface CorsQuestion {
  origin: string;
  method: string;
  headers: string[];
  credentials: boolean;
  of: Which;
}

/** Asks the gateway's own code what it would answer a page of another origin. */
export function useCorsCheck(id: string) {
  return useSingleMutation({
    mutationFn: async (question: CorsQuestion) =>
      (await call<CorsCheckView>(`/apis/${id}/cors-check`, { method: "POST", body: question })).data,
  });
}
