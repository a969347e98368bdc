import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import type { AccessView, ApiDocumentView } from "@/lib/management/contract/access";
import { ApiProblem, type BodyOf, read } from "./client";
import { keyOf, listOf, queryOf, useChange } from "./queries";

/** Which of an API's definitions to read. */
export type Which = "draft" | "deployed";

/** Reads all pages of an API's access and merges them. */
export async function readAccess(id: string, of: Which, signal?: AbortSignal): Promise<AccessView> {
  const page = (cursor?: string) => read("getAccess", { params: { id }, query: { of, limit: 200, cursor }, signal });
  const whole = await page();
  let cursor = whole.nextCursor;
  while (cursor !== null) {
    const next = await page(cursor);
    whole.operations.push(...next.operations);
    cursor = next.nextCursor;
  }
  return { ...whole, nextCursor: null };
}

/** Reads how many operations have each access level. */
export function useAccessSummary(id: string, of: Which, version: string | number | null | undefined) {
  const { queryKey, queryFn } = queryOf("getAccessSummary", { params: { id }, query: { of } });
  return useQuery({ queryKey: [...queryKey, of, version ?? "none"], queryFn });
}

/** Reads every operation with its level alone. `version` is the draft's ETag or the deployment's number. */
export function operationsQuery(id: string, of: Which, version: string | number | null | undefined) {
  const { queryKey, queryFn } = listOf("listOperations", { params: { id }, query: { of } });
  return queryOptions({ queryKey: [...queryKey, of, version ?? "none"], queryFn });
}

/** The operations of the active deployment. */
export const useDeployedOperations = (id: string, number: number | undefined) => useQuery(operationsQuery(id, "deployed", number));

/**
 * The access that each operation requires. `version` is the draft's ETag or the deployment's number: a change reloads
 * it and keeps the previous data until then.
 */
export function useAccess(id: string, of: Which, version: string | number | null | undefined, enabled = true) {
  const queryKey = keyOf("getAccess", { params: { id } });
  return useQuery({
    queryKey: [...queryKey, of, version ?? "none"],
    queryFn: ({ signal }) => readAccess(id, of, signal),
    enabled,
    // Previous data is a placeholder only for the same definition.
    placeholderData: (before, query) => (query?.queryKey[queryKey.length] === of ? keepPreviousData(before) : undefined),
  });
}

const documentKey = (id: string) => keyOf("getOpenApi", { params: { id } });

/** The API's OpenAPI document; null if none is attached. */
export const useApiDocument = (id: string, enabled = true) =>
  useQuery({
    queryKey: documentKey(id),
    queryFn: async ({ signal }): Promise<ApiDocumentView | null> => {
      try {
        return await read("getOpenApi", { params: { id }, signal });
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }
    },
    enabled,
    staleTime: 30_000,
  });

/** The queries that depend on the document: operations and their access. */
const refreshes = (id: string) => [
  { queryKey: keyOf("getAccess", { params: { id } }) },
  { queryKey: keyOf("listOperations", { params: { id } }) },
];

/** Attaches or replaces an OpenAPI document. */
export const usePutDocument = (id: string) =>
  useChange("putOpenApi", (text: string) => ({ params: { id }, text }), {
    refreshes: refreshes(id),
    caches: (client, document) => client.setQueryData(documentKey(id), document),
  });

/** Removes the OpenAPI document. */
export const useDeleteDocument = (id: string) =>
  useChange("deleteOpenApi", () => ({ params: { id } }), {
    refreshes: refreshes(id),
    caches: (client) => client.setQueryData(documentKey(id), null),
  });

/** The cross-origin request to simulate. */
export type CorsQuestion = Required<BodyOf<"checkCors">>;

/** Simulates a cross-origin request with the gateway's code. */
export const useCorsCheck = (id: string) => useChange("checkCors", (body: CorsQuestion) => ({ params: { id }, body }));
