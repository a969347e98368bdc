import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import type { Edited } from "./authorization";
import { type BodyOf, read } from "./client";
import { keyOf, listOf, useChange } from "./queries";

const claims = (id: string) => ({ queryKey: keyOf("listClaims", { params: { id } }) });

/** Reads every claim of a server. */
export const claimsQuery = (id: string) => listOf("listClaims", { params: { id } });

/** A server's claims. */
export const useClaims = (id: string) => useQuery(claimsQuery(id));

/** Creates a claim. */
export const useCreateClaim = (id: string) =>
  useChange("createClaim", (body: BodyOf<"createClaim">) => ({ params: { id }, body }), { refreshes: [claims(id)] });

/** Updates a claim. Its name can't change. */
export const useUpdateClaim = (id: string) =>
  useChange(
    "updateClaim",
    ({ id: claimId, etag, ...body }: Edited<BodyOf<"updateClaim">> & { id: string }) => ({ params: { id, claimId }, body, ifMatch: etag }),
    { refreshes: [claims(id)] },
  );

/** Deletes a claim. */
export const useDeleteClaim = (id: string) =>
  useChange("deleteClaim", (claimId: string) => ({ params: { id, claimId } }), { refreshes: [claims(id)] });

/** The cache key of a server's access policies. */
export const policiesKey = (id: string) => keyOf("listPolicies", { params: { id } });

const policies = (id: string) => ({ queryKey: policiesKey(id) });

/** Reads a server's access policies with their rules, in order. */
export const policiesQuery = (id: string) => listOf("listPolicies", { params: { id } });

/** A server's access policies with their rules, in order. */
export const usePolicies = (id: string) => useQuery(policiesQuery(id));

/** Creates an access policy. */
export const useCreatePolicy = (id: string) =>
  useChange("createPolicy", (body: BodyOf<"createPolicy">) => ({ params: { id }, body }), { refreshes: [policies(id)] });

/** Changes an access policy, or moves it. */
export const useUpdatePolicy = (id: string) =>
  useChange(
    "updatePolicy",
    ({ id: policyId, etag, ...body }: Edited<BodyOf<"updatePolicy">> & { id: string }) => ({
      params: { id, policyId },
      body,
      ifMatch: etag,
    }),
    { refreshes: [policies(id)] },
  );

/** Deletes an access policy with its rules. */
export const useDeletePolicy = (id: string) =>
  useChange("deletePolicy", (policyId: string) => ({ params: { id, policyId } }), { refreshes: [policies(id)] });

/** Adds a rule to a policy. */
export const useCreateRule = (id: string, policyId: string) =>
  useChange("createRule", (body: BodyOf<"createRule">) => ({ params: { id, policyId }, body }), { refreshes: [policies(id)] });

/** Changes a rule, or moves it within its policy. */
export const useUpdateRule = (id: string, policyId: string) =>
  useChange(
    "updateRule",
    ({ id: ruleId, etag, ...body }: Edited<BodyOf<"updateRule">> & { id: string }) => ({
      params: { id, policyId, ruleId },
      body,
      ifMatch: etag,
    }),
    { refreshes: [policies(id)] },
  );

/** Deletes a rule. */
export const useDeleteRule = (id: string, policyId: string) =>
  useChange("deleteRule", (ruleId: string) => ({ params: { id, policyId, ruleId } }), { refreshes: [policies(id)] });

/** Reads every signing key of a server. */
export const keysQuery = (id: string) => listOf("listKeys", { params: { id } });

/** A server's signing keys. */
export const useKeys = (id: string) => useQuery(keysQuery(id));

/** Rotates the signing keys. */
export const useRotateKeys = (id: string) =>
  useChange("rotateKeys", () => ({ params: { id } }), {
    refreshes: [{ queryKey: keyOf("getAuthorizationServer", { params: { id } }) }],
  });

/** Deletes a previous signing key. */
export const useDeleteKey = (id: string) =>
  useChange("deleteKey", (kid: string) => ({ params: { id, kid } }), {
    refreshes: [{ queryKey: keyOf("listKeys", { params: { id } }) }],
  });

/** Previews a token request; disabled while `request` is null. Keeps the previous result while loading. */
export const useTokenPreview = (id: string, request: BodyOf<"previewToken"> | null) =>
  useQuery({
    queryKey: [...keyOf("previewToken", { params: { id } }), request],
    queryFn: request === null ? skipToken : ({ signal }) => read("previewToken", { params: { id }, body: request, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
