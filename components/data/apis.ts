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

/** One API; read again often enough that a colleague's deploy shows by itself. */
export const useApi = (id: string) => useQuery({ ...queryOf("getApi", { params: { id } }), refetchInterval: 10_000 });

/** A draft together with the ETag that it was read with. */
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

/** The draft with its ETag. It is not read again behind an editor's back. */
export const useDraft = (id: string) => useQuery(draftQuery(id));

/**
 * What changed between the active deployment (or `from`) and the draft (or `to`), in words.
 * With `draftEtag` it is read again whenever the draft has another one, also when a colleague wrote it.
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

/** Replaces the draft with this ETag. @throws ApiProblem 412 when it is another one by now */
export const saveDraft = async (id: string, given: { definition: BodyOf<"putDefinition">; etag: string }): Promise<DraftRead> =>
  asDraft(await call("putDefinition", { params: { id }, body: given.definition, ifMatch: given.etag }));

/** Saves the draft; 412 when someone else was faster. The cache then holds what was saved. */
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

/** A change of what is deployed. Everything about the API may be different after it, also when it failed. */
function useDeploymentChange<Variables, Response>(mutationFn: (variables: Variables) => Promise<Response>) {
  const client = useQueryClient();
  return useSingleMutation({ mutationFn, onSettled: () => client.invalidateQueries(all) });
}

/** Deploys exactly the draft with this ETag. @throws ApiProblem 412 when it is another one by now */
export const deployDraft = (id: string, { label, etag }: { label: string; etag: string }) =>
  read("deployApi", { params: { id }, body: { label }, ifMatch: etag });

/** Deploys the draft with the ETag that was looked at. */
export const useDeploy = (id: string) => useDeploymentChange((given: { label: string; etag: string }) => deployDraft(id, given));

/** Restores a deployment and deploys it under a new number. */
export const useRollback = (id: string) =>
  useDeploymentChange(({ number, etag }: { number: number; etag?: string }) =>
    read("rollbackApi", { params: { id, number }, ifMatch: etag }),
  );

/** Undeploys exactly the deployment with this number. @throws ApiProblem 412 when another one is active by now, or none */
export async function undeploy(id: string, number: number): Promise<void> {
  // Only the ETag of the active deployment is accepted, so what was activated between these calls isn't undeployed.
  const { etag } = await call("getDeployment", { params: { id, number } });
  await call("undeployApi", { params: { id }, ifMatch: etag });
}

/** Takes a deployment off the gateways. */
export const useUndeploy = (id: string) => useDeploymentChange((number: number) => undeploy(id, number));

/** One call to try. */
export type TryInput = BodyOf<"tryApi">;
