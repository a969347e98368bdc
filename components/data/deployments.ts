import { useQuery } from "@tanstack/react-query";
import type { Definition } from "@/lib/definition/schema";
import type { ChangesView, DeploymentView } from "@/lib/management/contract/apis";
import { readDraft } from "./apis";
import { read } from "./client";

/** A deployment with the definition that it froze. */
export type DeploymentDetails = DeploymentView & { definition: Definition };

const readDeployment = (apiId: string, number: number, signal?: AbortSignal) =>
  read<DeploymentDetails>(`/apis/${apiId}/deployments/${number}`, signal);

/** One deployment with its definition. Only `active` of it can ever change. */
export const useDeployment = (apiId: string, number: number, enabled = true) =>
  useQuery({ queryKey: ["apis", apiId, "deployments", number], queryFn: ({ signal }) => readDeployment(apiId, number, signal), enabled });

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
export const useDraftReview = (apiId: string, enabled: boolean) =>
  useQuery({
    queryKey: ["draft-review", apiId],
    queryFn: async ({ signal }): Promise<DraftReview> => {
      const { definition, etag } = await readDraft(apiId, signal);
      const { from, changes, warnings } = await read<ChangesView>(`/apis/${apiId}/changes`, signal);
      const active = typeof from === "number" ? await readDeployment(apiId, from, signal) : null;
      return { etag, draft: definition, active, changes, warnings };
    },
    enabled,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
