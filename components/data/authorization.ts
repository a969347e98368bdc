import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type {
  ActivityView,
  ApplicationView,
  AuthorizationServerView,
  applicationBodySchema,
  applicationCreatedSchema,
  applicationPatchSchema,
  authorizationServerPatchSchema,
  IssuedTokenView,
  ScopeView,
  scopeBodySchema,
  scopePatchSchema,
  secretCreatedSchema,
} from "@/lib/management/contract/authorization";
import { authorizationKeys } from "./authorization-keys";
import { call, isOutdated, read, readAll, readPage } from "./client";
import { useSingleMutation } from "./single-mutation";

const key = authorizationKeys;

/** Reads every authorization server. */
export const authorizationServersQuery = () =>
  queryOptions({ queryKey: key.servers, queryFn: ({ signal }) => readAll<AuthorizationServerView>("/authorization-servers", signal) });

/** Every authorization server. */
export const useAuthorizationServers = () => useQuery(authorizationServersQuery());

/** One authorization server. */
export const useAuthorizationServer = (id: string) =>
  useQuery({ queryKey: key.server(id), queryFn: ({ signal }) => read<AuthorizationServerView>(`/authorization-servers/${id}`, signal) });

/** What creating an authorization server takes. */
export interface NewAuthorizationServer {
  name: string;
  audience: string;
  description?: string;
  id?: string;
}

/** Creates an authorization server. */
export function useCreateAuthorizationServer() {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async (body: NewAuthorizationServer) =>
      (await call<AuthorizationServerView>("/authorization-servers", { method: "POST", body })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: key.servers }),
  });
}

/** Changes an authorization server, or switches it on or off. */
export function useUpdateAuthorizationServer(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async (body: z.input<typeof authorizationServerPatchSchema>) =>
      (await call<AuthorizationServerView>(`/authorization-servers/${id}`, { method: "PATCH", body })).data,
    onSuccess: (server) => {
      client.setQueryData(key.server(id), server);
      return client.invalidateQueries({ queryKey: key.servers, exact: true });
    },
  });
}

/** Deletes an authorization server that nothing uses. */
export function useDeleteAuthorizationServer(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: () => call(`/authorization-servers/${id}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: key.servers, exact: true }),
  });
}

/** Reads every scope of a server. */
export const scopesQuery = (serverId: string) =>
  queryOptions({
    queryKey: key.scopes(serverId),
    queryFn: ({ signal }) => readAll<ScopeView>(`/authorization-servers/${serverId}/scopes`, signal),
  });

/** A server's scopes. */
export const useScopes = (serverId: string, enabled = true) => useQuery({ ...scopesQuery(serverId), enabled });

/** Creates a scope. */
export function useCreateScope(serverId: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async (body: z.input<typeof scopeBodySchema>) =>
      (await call<ScopeView>(`/authorization-servers/${serverId}/scopes`, { method: "POST", body })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: key.scopes(serverId) }),
  });
}

/** Changes a scope. */
export function useUpdateScope(serverId: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async ({ id, etag, ...body }: z.input<typeof scopePatchSchema> & { id: string; etag?: string }) =>
      (await call<ScopeView>(`/authorization-servers/${serverId}/scopes/${id}`, { method: "PATCH", body, ifMatch: etag })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: key.scopes(serverId) }),
    onError: (error) => (isOutdated(error) ? client.invalidateQueries({ queryKey: key.scopes(serverId) }) : undefined),
  });
}

/** Deletes a scope. */
export function useDeleteScope(serverId: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: (scopeId: string) => call(`/authorization-servers/${serverId}/scopes/${scopeId}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: key.scopes(serverId) }),
  });
}

/** Reads every application. */
export const applicationsQuery = () =>
  queryOptions({ queryKey: key.applications, queryFn: ({ signal }) => readAll<ApplicationView>("/applications", signal) });

/** Every application. */
export const useApplications = () => useQuery(applicationsQuery());

/** One application. */
export const useApplication = (id: string) =>
  useQuery({ queryKey: key.application(id), queryFn: ({ signal }) => read<ApplicationView>(`/applications/${id}`, signal) });

/** What creating an application takes. */
export type NewApplication = z.output<typeof applicationBodySchema>;

/** A new application; it has a secret unless it signs assertions with a key of its own. */
export type CreatedApplication = z.output<typeof applicationCreatedSchema>;

/** Creates an application; the answer carries the client secret, this once. */
export function useCreateApplication() {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async (body: NewApplication) => (await call<CreatedApplication>("/applications", { method: "POST", body })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: key.applications }),
  });
}

/** Changes an application. */
export function useUpdateApplication(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async (body: z.input<typeof applicationPatchSchema>) =>
      (await call<ApplicationView>(`/applications/${id}`, { method: "PATCH", body })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: key.applications }),
  });
}

/** Deletes an application. */
export function useDeleteApplication(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: () => call(`/applications/${id}`, { method: "DELETE" }),
    onSuccess: () => {
      client.removeQueries({ queryKey: key.application(id) });
      return client.invalidateQueries({ queryKey: key.applications, exact: true });
    },
  });
}

/** Adds a client secret; the answer carries it, this once. */
export function useCreateSecret(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async (body: { expiresInDays: number | null }) =>
      (await call<z.output<typeof secretCreatedSchema>>(`/applications/${id}/secrets`, { method: "POST", body })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: key.applications }),
  });
}

/** Deletes a client secret. */
export function useDeleteSecret(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: (secretId: string) => call(`/applications/${id}/secrets/${secretId}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: key.applications }),
  });
}

/** Issues a short-lived token for an application. */
export const useIssueToken = () =>
  useSingleMutation({
    mutationFn: async ({ id, scopes }: { id: string; scopes: string[] }) =>
      (await call<IssuedTokenView>(`/applications/${id}/token`, { method: "POST", body: { scopes } })).data,
  });

/** Reads what happened, newest first, a page at a time: the list may be long. */
export const activityQuery = () =>
  infiniteQueryOptions({
    queryKey: ["activity"],
    queryFn: ({ pageParam, signal }) => readPage<ActivityView>("/activity", pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 15_000,
  });

/** What happened, newest first; earlier entries come with `fetchNextPage`. */
export const useActivity = () => useInfiniteQuery(activityQuery());
