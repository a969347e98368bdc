import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type {
  AccessPolicyView,
  AccessRuleView,
  accessPolicyBodySchema,
  accessPolicyPatchSchema,
  accessRuleBodySchema,
  accessRulePatchSchema,
  ClaimView,
  claimBodySchema,
  claimPatchSchema,
  SigningKeyView,
  TokenPreviewView,
  tokenPreviewBodySchema,
} from "@/lib/management/contract/authorization";
import { authorizationKeys as key } from "./authorization-keys";
import { call, isOutdated, readAll } from "./client";
import { useSingleMutation } from "./single-mutation";

const base = (serverId: string) => `/authorization-servers/${serverId}`;

/** A call that changes something of a server; what was read under `queryKey` is read again before it counts as done. */
function useChange<Variables, Answer>(queryKey: readonly string[], run: (variables: Variables) => Promise<Answer>) {
  const client = useQueryClient();
  return useSingleMutation<Answer, Variables>({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ queryKey }),
    onError: (error) => (isOutdated(error) ? client.invalidateQueries({ queryKey }) : undefined),
  });
}

/** What is being edited: the thing, and the ETag that it was shown with. */
type Edited<Patch> = Patch & { id: string; etag?: string };

/** Reads every claim of a server. */
export const claimsQuery = (serverId: string) =>
  queryOptions({ queryKey: key.claims(serverId), queryFn: ({ signal }) => readAll<ClaimView>(`${base(serverId)}/claims`, signal) });

/** A server's claims. */
export const useClaims = (serverId: string) => useQuery(claimsQuery(serverId));

/** Creates a claim. */
export const useCreateClaim = (serverId: string) =>
  useChange(
    key.claims(serverId),
    async (body: z.input<typeof claimBodySchema>) => (await call<ClaimView>(`${base(serverId)}/claims`, { method: "POST", body })).data,
  );

/** Changes a claim; its name stays. */
export const useUpdateClaim = (serverId: string) =>
  useChange(
    key.claims(serverId),
    async ({ id, etag, ...body }: Edited<z.input<typeof claimPatchSchema>>) =>
      (await call<ClaimView>(`${base(serverId)}/claims/${id}`, { method: "PATCH", body, ifMatch: etag })).data,
  );

/** Deletes a claim. */
export const useDeleteClaim = (serverId: string) =>
  useChange(key.claims(serverId), (id: string) => call(`${base(serverId)}/claims/${id}`, { method: "DELETE" }));

/** Reads every access policy of a server with its rules, in their order. */
export const policiesQuery = (serverId: string) =>
  queryOptions({
    queryKey: key.policies(serverId),
    queryFn: ({ signal }) => readAll<AccessPolicyView>(`${base(serverId)}/policies`, signal),
  });

/** A server's access policies with their rules, in their order. */
export const usePolicies = (serverId: string) => useQuery(policiesQuery(serverId));

/** Creates an access policy. */
export const useCreatePolicy = (serverId: string) =>
  useChange(
    key.policies(serverId),
    async (body: z.input<typeof accessPolicyBodySchema>) =>
      (await call<AccessPolicyView>(`${base(serverId)}/policies`, { method: "POST", body })).data,
  );

/** Changes an access policy, or moves it. */
export const useUpdatePolicy = (serverId: string) =>
  useChange(
    key.policies(serverId),
    async ({ id, etag, ...body }: Edited<z.input<typeof accessPolicyPatchSchema>>) =>
      (await call<AccessPolicyView>(`${base(serverId)}/policies/${id}`, { method: "PATCH", body, ifMatch: etag })).data,
  );

/** Deletes an access policy with its rules. */
export const useDeletePolicy = (serverId: string) =>
  useChange(key.policies(serverId), (id: string) => call(`${base(serverId)}/policies/${id}`, { method: "DELETE" }));

/** Adds a rule to a policy. */
export const useCreateRule = (serverId: string, policyId: string) =>
  useChange(
    key.policies(serverId),
    async (body: z.input<typeof accessRuleBodySchema>) =>
      (await call<AccessRuleView>(`${base(serverId)}/policies/${policyId}/rules`, { method: "POST", body })).data,
  );

/** Changes a rule, or moves it within its policy. */
export const useUpdateRule = (serverId: string, policyId: string) =>
  useChange(
    key.policies(serverId),
    async ({ id, etag, ...body }: Edited<z.input<typeof accessRulePatchSchema>>) =>
      (await call<AccessRuleView>(`${base(serverId)}/policies/${policyId}/rules/${id}`, { method: "PATCH", body, ifMatch: etag })).data,
  );

/** Deletes a rule. */
export const useDeleteRule = (serverId: string, policyId: string) =>
  useChange(key.policies(serverId), (id: string) => call(`${base(serverId)}/policies/${policyId}/rules/${id}`, { method: "DELETE" }));

/** Reads every signing key of a server. */
export const keysQuery = (serverId: string) =>
  queryOptions({ queryKey: key.keys(serverId), queryFn: ({ signal }) => readAll<SigningKeyView>(`${base(serverId)}/keys`, signal) });

/** A server's signing keys. */
export const useKeys = (serverId: string) => useQuery(keysQuery(serverId));

/** Signs with the next key from now on. */
export const useRotateKeys = (serverId: string) =>
  useChange<void, unknown>(key.server(serverId), () => call(`${base(serverId)}/keys/rotate`, { method: "POST", body: {} }));

/** Trusts a previous key no longer. */
export const useDeleteKey = (serverId: string) =>
  useChange(key.keys(serverId), (kid: string) => call(`${base(serverId)}/keys/${encodeURIComponent(kid)}`, { method: "DELETE" }));

/** What a token request would bring; nothing is asked while `request` is null. The former answer stays in view until the next is there. */
export const useTokenPreview = (serverId: string, request: z.input<typeof tokenPreviewBodySchema> | null) =>
  useQuery({
    queryKey: key.preview(serverId, request),
    queryFn: async ({ signal }) =>
      (await call<TokenPreviewView>(`${base(serverId)}/token-preview`, { method: "POST", body: request, signal })).data,
    enabled: request !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
