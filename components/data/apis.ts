import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Definition } from "@/lib/definition/schema";
import { type BodyOf, call, type ResponseOf, read } from "./client";
import { asDefinition } from "./definitions";
import { keyOf, listOf, queryOf, useChange } from "./queries";
import { useSingleMutation } from "./single-mutation";

const all = { queryKey: keyOf("listApis", {}) };
const one = (id: string) => keyOf("getApi", { params: { id } });

/** Reads every API. */
export const apisQuery = () => listOf("listApis", {});

/** Every API. */
export const useApis = () => useQuery(apisQuery());

/** One API, polled to show changes by other users. */
export const useApi = (id: string) => useQuery({ ...queryOf("getApi", { params: { id } }), refetchInterval: 10_000 });

/** A draft with its ETag. */
export interface DraftRead {
  definition: Definition;
  etag: string;
}

const asDraft = ({ data, etag }: { data: ResponseOf<"getDefinition">; etag: string }): DraftRead => ({
  definition: asDefinition(data),
  etag,
});

/** Reads a draft. */
export const readDraft = async (id: string, signal?: AbortSignal): Promise<DraftRead> =>
  asDraft(await call("getDefinition", { params: { id }, signal }));

const draftQuery = (id: string) =>
  queryOptions({
    queryKey: keyOf("getDefinition", { params: { id } }),
    queryFn: ({ signal }) => readDraft(id, signal),
    refetchOnWindowFocus: false,
  });

/** The draft with its ETag. Never reloads on its own: an editor may be open. */
export const useDraft = (id: string) => useQuery(draftQuery(id));

/**
 * The changes between the active deployment (or `from`) and the draft (or `to`). With `draftEtag`, reloads whenever the
 * draft's ETag changes.
 */
export function useChanges(id: string, range: { from?: number; to?: number; enabled?: boolean; draftEtag?: string } = {}) {
  const { from, to, enabled = true, draftEtag } = range;
  const { queryKey, queryFn } = queryOf("getChanges", { params: { id }, query: { from, to } });
  return useQuery({
    queryKey: [...queryKey, from ?? "active", to ?? "draft", draftEtag ?? "any"],
    queryFn,
    enabled,
    staleTime: 0,
  });
}

/** Reads every deployment of an API, newest first. */
export const deploymentsQuery = (id: string) => listOf("listDeployments", { params: { id } });

/** An API's deployments, newest first. */
export const useDeployments = (id: string) => useQuery(deploymentsQuery(id));

/** Creates an API from a definition. */
export const useCreateApi = () => useChange("createApi", (body: BodyOf<"createApi">) => ({ body }), { refreshes: [all] });

/** Creates an API from a document's text. */
export const useImportApi = () => useChange("importApi", (text: string) => ({ text }), { refreshes: [all] });

/** Deletes an API. */
export const useDeleteApi = (id: string) =>
  useChange("deleteApi", () => ({ params: { id } }), {
    refreshes: [{ ...all, exact: true }],
    caches: (client) => client.removeQueries({ queryKey: one(id) }),
  });

/** Replaces the draft with this ETag. @throws ApiProblem 412 if the draft changed */
export const saveDraft = async (id: string, given: { definition: BodyOf<"putDefinition">; etag: string }): Promise<DraftRead> =>
  asDraft(await call("putDefinition", { params: { id }, body: given.definition, ifMatch: given.etag }));

/** Saves the draft and updates the cache; 412 if the draft changed. */
export function useSaveDraft(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: (given: { definition: BodyOf<"putDefinition">; etag: string }) => saveDraft(id, given),
    onSuccess: (saved) => {
      client.setQueryData(draftQuery(id).queryKey, saved);
      return Promise.all([
        client.invalidateQueries({ queryKey: one(id), exact: true }),
        client.invalidateQueries({ ...all, exact: true }),
        client.invalidateQueries({ queryKey: keyOf("getChanges", { params: { id } }) }),
      ]);
    },
  });
}

/** A deployment change. Reloads everything about the API, even after a failure. */
function useDeploymentChange<Variables, Response>(mutationFn: (variables: Variables) => Promise<Response>) {
  const client = useQueryClient();
  return useSingleMutation({ mutationFn, onSettled: () => client.invalidateQueries(all) });
}

/** Deploys the draft with this ETag. @throws ApiProblem 412 if the draft changed */
export const deployDraft = (id: string, { label, etag }: { label: string; etag: string }) =>
  read("deployApi", { params: { id }, body: { label }, ifMatch: etag });

/** Deploys the reviewed draft, identified by its ETag. */
export const useDeploy = (id: string) => useDeploymentChange((given: { label: string; etag: string }) => deployDraft(id, given));

/** Restores a deployment and deploys it under a new number. */
export const useRollback = (id: string) =>
  useDeploymentChange(({ number, etag }: { number: number; etag?: string }) =>
    read("rollbackApi", { params: { id, number }, ifMatch: etag }),
  );

/** Undeploys the deployment with this number. @throws ApiProblem 412 if it's no longer active */
export async function undeploy(id: string, number: number): Promise<void> {
  // Undeploy accepts only the active deployment's ETag: a deployment activated in between stays.
  const { etag } = await call("getDeployment", { params: { id, number } });
  await call("undeployApi", { params: { id }, ifMatch: etag });
}

/** Undeploys an API. */
export const useUndeploy = (id: string) => useDeploymentChange((number: number) => undeploy(id, number));

/** A Try it request. */
export type TryInput = BodyOf<"tryApi">;
