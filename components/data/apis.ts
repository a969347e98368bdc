import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Definition } from "@/lib/definition/schema";
import type { ApiView, ChangesView, DeploymentView, TryAnswer } from "@/lib/management/contract/apis";
import { call, read, readAll } from "./client";
import { useSingleMutation } from "./single-mutation";

const key = {
  all: ["apis"] as const,
  one: (id: string) => ["apis", id] as const,
  definition: (id: string) => ["apis", id, "definition"] as const,
  deployments: (id: string) => ["apis", id, "deployments"] as const,
  changes: (id: string, from?: number, to?: number, draftEtag?: string) =>
    ["apis", id, "changes", from ?? "active", to ?? "draft", draftEtag ?? "any"] as const,
};

/** Reads every API. */
export const apisQuery = () => queryOptions({ queryKey: key.all, queryFn: ({ signal }) => readAll<ApiView>("/apis", signal) });

/** Every API. */
export const useApis = () => useQuery(apisQuery());

/** One API; read again often enough that a colleague's deploy shows by itself. */
export const useApi = (id: string) =>
  useQuery({ queryKey: key.one(id), queryFn: ({ signal }) => read<ApiView>(`/apis/${id}`, signal), refetchInterval: 10_000 });

/** A draft together with the ETag that it was read with. */
export interface DraftRead {
  definition: Definition;
  etag: string;
}

/** Reads a draft. */
export async function readDraft(id: string, signal?: AbortSignal): Promise<DraftRead> {
  const { data, etag } = await call<Definition>(`/apis/${id}/definition`, { signal });
  return { definition: data, etag };
}

const draftQuery = (id: string) =>
  queryOptions({ queryKey: key.definition(id), queryFn: ({ signal }) => readDraft(id, signal), refetchOnWindowFocus: false });

/** The draft with its ETag. It is not read again behind an editor's back. */
export const useDraft = (id: string) => useQuery(draftQuery(id));

/**
 * What changed between the active deployment (or `from`) and the draft (or `to`), in words.
 * With `draftEtag` it is read again whenever the draft has another one, also when a colleague wrote it.
 */
export const useChanges = (id: string, range: { from?: number; to?: number; enabled?: boolean; draftEtag?: string } = {}) =>
  useQuery({
    queryKey: key.changes(id, range.from, range.to, range.draftEtag),
    queryFn: ({ signal }) => {
      const query = new URLSearchParams();
      if (range.from !== undefined) query.set("from", String(range.from));
      if (range.to !== undefined) query.set("to", String(range.to));
      return read<ChangesView>(`/apis/${id}/changes?${query}`, signal);
    },
    enabled: range.enabled ?? true,
    staleTime: 0,
  });

/** Reads every deployment of an API, newest first. */
export const deploymentsQuery = (id: string) =>
  queryOptions({ queryKey: key.deployments(id), queryFn: ({ signal }) => readAll<DeploymentView>(`/apis/${id}/deployments`, signal) });

/** An API's deployments, newest first. */
export const useDeployments = (id: string) => useQuery(deploymentsQuery(id));

/** Creates an API from a definition. */
export function useCreateApi() {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async (definition: Record<string, unknown>) => (await call<ApiView>("/apis", { method: "POST", body: definition })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: key.all }),
  });
}

/** Creates an API from a document's text. */
export function useImportApi() {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async (text: string) => (await call<ApiView & { notCarriedOver: string[] }>("/apis/import", { method: "POST", text })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: key.all }),
  });
}

/** Deletes an API. */
export function useDeleteApi(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: () => call(`/apis/${id}`, { method: "DELETE" }),
    onSuccess: () => {
      client.removeQueries({ queryKey: key.one(id) });
      return client.invalidateQueries({ queryKey: key.all, exact: true });
    },
  });
}

/** Replaces the draft with this ETag. @throws ApiProblem 412 when it is another one by now */
export async function saveDraft(id: string, { definition, etag }: { definition: unknown; etag: string }): Promise<DraftRead> {
  const saved = await call<Definition>(`/apis/${id}/definition`, { method: "PUT", body: definition, ifMatch: etag });
  return { definition: saved.data, etag: saved.etag };
}

/** Saves the draft; 412 when someone else was faster. The cache then holds what was saved. */
export function useSaveDraft(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: (given: { definition: unknown; etag: string }) => saveDraft(id, given),
    onSuccess: (saved) => {
      client.setQueryData(key.definition(id), saved);
      return Promise.all([
        client.invalidateQueries({ queryKey: key.one(id), exact: true }),
        client.invalidateQueries({ queryKey: key.all, exact: true }),
        client.invalidateQueries({ queryKey: ["apis", id, "changes"] }),
      ]);
    },
  });
}

/** After a deploy, a rollback or an undeploy everything about the API may be different. */
function useDeploymentMutation<V, R>(mutationFn: (variables: V) => Promise<R>) {
  const client = useQueryClient();
  return useSingleMutation({ mutationFn, onSettled: () => client.invalidateQueries({ queryKey: key.all }) });
}

/** Deploys exactly the draft with this ETag. @throws ApiProblem 412 when it is another one by now */
export async function deployDraft(id: string, { label, etag }: { label: string; etag: string }) {
  const path = `/apis/${id}/deployments`;
  return (await call<DeploymentView & { unchanged: boolean }>(path, { method: "POST", body: { label }, ifMatch: etag })).data;
}

/** Deploys the draft with the ETag that was looked at. */
export const useDeploy = (id: string) => useDeploymentMutation((given: { label: string; etag: string }) => deployDraft(id, given));

/** Restores a deployment and deploys it under a new number. */
export const useRollback = (id: string) =>
  useDeploymentMutation(
    async ({ number, etag }: { number: number; etag?: string }) =>
      (await call<DeploymentView>(`/apis/${id}/deployments/${number}/rollback`, { method: "POST", body: {}, ifMatch: etag })).data,
  );

/** Takes the API off the gateways. */
export const useUndeploy = (id: string) =>
  useDeploymentMutation((_: undefined) => call(`/apis/${id}/deployments/active`, { method: "DELETE" }));

/** One call to try. */
export interface TryInput {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** Sends one call through the gateway. */
export const useTry = (id: string) =>
  useMutation({ mutationFn: async (input: TryInput) => (await call<TryAnswer>(`/apis/${id}/try`, { method: "POST", body: input })).data });
