import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Definition } from "@/lib/definition/schema";
import type { ChangesView, DeploymentView } from "@/lib/management/contract/apis";
import { readDraft } from "./apis";
import { read } from "./client";
import { asDefinition } from "./definitions";
import { keyOf } from "./queries";

/** A deployment with its definition. */
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

/** One deployment with its definition. Only `active` can change. */
export const useDeployment = (id: string, number: number, enabled = true) => useQuery({ ...deploymentQuery(id, number), enabled });

/** The data to review before deploying a draft. */
export interface DraftReview {
  /** The ETag of the reviewed draft. */
  etag: string;
  draft: Definition;
  /** The active deployment; null if none. */
  active: DeploymentDetails | null;
  changes: ChangesView["changes"];
  warnings: ChangesView["warnings"];
}

/**
 * Reads what deploying the draft changes. Reads the ETag before the changes: if someone saves in between, deploying
 * fails with 412 instead of deploying an unseen draft. Never reloads on its own during a review.
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
