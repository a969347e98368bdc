import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Definition } from "@/lib/definition/schema";
import type { ChangesView, DeploymentView } from "@/lib/management/contract/apis";
import { readDraft } from "./apis";
import { read } from "./client";
import { asDefinition } from "./definitions";
import { keyOf } from "./queries";

/** A deployment with the definition that it froze. */
export type DeploymentDetails = DeploymentView & { definition: Definition };

async function readDeployment(id: string, number: number, signal?: AbortSignal): Promise<DeploymentDetails> {
  const deployment = await read("getDeployment", { params: { id, number }, signal });
  return { ...deployment, definition: asDefinition(deployment.definition) };
}

const deploymentQuery = (id: string, number: number) =>
  queryOptions({
    queryKey: keyOf("getDeployment", { params: { id, number } }),
    queryFn: ({ signal }) => readDeployment(id, number, signal),
  });

/** One deployment with its definition. Only `active` of it can ever change. */
export const useDeployment = (id: string, number: number, enabled = true) => useQuery({ ...deploymentQuery(id, number), enabled });

/** Everything that someone looks at before deploying a draft. */
export interface DraftReview {
  /** The ETag of exactly the draft that is shown. */
  etag: string;
  draft: Definition;
  /** What runs now; null when nothing does. */
  active: DeploymentDetails | null;
  changes: ChangesView["changes"];
  warnings: ChangesView["warnings"];
}

/**
 * Reads what deploying the draft would change. The ETag is read before the changes: when someone saves
 * in between, it is older than what is shown, and deploying with it answers 412 instead of deploying something unseen.
 * It is not read again by itself, because what is being reviewed must not change under the reader.
 */
export const useDraftReview = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: ["draft-review", id],
    queryFn: async ({ signal }): Promise<DraftReview> => {
      const { definition, etag } = await readDraft(id, signal);
      const { from, changes, warnings } = await read("getChanges", { params: { id }, signal });
      const active = typeof from === "number" ? await readDeployment(id, from, signal) : null;
      return { etag, draft: definition, active, changes, warnings };
    },
    enabled,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
