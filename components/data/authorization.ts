import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { BodyOf, ResponseOf } from "./client";
import { readPage } from "./lists";
import { keyOf, listOf, queryOf, useChange } from "./queries";

/** New values with the ETag of the version that the user saw. */
export type Edited<Patch> = Patch & { etag: string | undefined };

const servers = { queryKey: keyOf("listAuthorizationServers", {}) };
const serverKey = (id: string) => keyOf("getAuthorizationServer", { params: { id } });

/** Reads every authorization server. */
export const authorizationServersQuery = () => listOf("listAuthorizationServers", {});

/** Every authorization server. */
export const useAuthorizationServers = () => useQuery(authorizationServersQuery());

/** One authorization server. */
export const useAuthorizationServer = (id: string) => useQuery(queryOf("getAuthorizationServer", { params: { id } }));

/** The request body of a new authorization server. */
export type NewAuthorizationServer = BodyOf<"createAuthorizationServer">;

/** Creates an authorization server. */
export const useCreateAuthorizationServer = () =>
  useChange("createAuthorizationServer", (body: NewAuthorizationServer) => ({ body }), { refreshes: [servers] });

/** Updates, activates, or deactivates an authorization server. */
export const useUpdateAuthorizationServer = (id: string) =>
  useChange(
    "updateAuthorizationServer",
    ({ etag, ...body }: Edited<BodyOf<"updateAuthorizationServer">>) => ({ params: { id }, body, ifMatch: etag }),
    {
      refreshes: [
        { ...servers, exact: true },
        { queryKey: serverKey(id), exact: true },
      ],
      caches: (client, server) => client.setQueryData(serverKey(id), server),
    },
  );

/** Deletes an authorization server that nothing uses, as long as it has this ETag. */
export const useDeleteAuthorizationServer = (id: string) =>
  useChange("deleteAuthorizationServer", (etag: string) => ({ params: { id }, ifMatch: etag }), {
    refreshes: [{ ...servers, exact: true }],
    outdates: [{ queryKey: serverKey(id), exact: true }],
  });

const scopes = (id: string) => ({ queryKey: keyOf("listScopes", { params: { id } }) });

/** Reads every scope of a server. */
export const scopesQuery = (id: string) => listOf("listScopes", { params: { id } });

/** A server's scopes. */
export const useScopes = (id: string, enabled = true) => useQuery({ ...scopesQuery(id), enabled });

/** Creates a scope. */
export const useCreateScope = (id: string) =>
  useChange("createScope", (body: BodyOf<"createScope">) => ({ params: { id }, body }), { refreshes: [scopes(id)] });

/** Changes a scope. */
export const useUpdateScope = (id: string) =>
  useChange(
    "updateScope",
    ({ id: scopeId, etag, ...body }: Edited<BodyOf<"updateScope">> & { id: string }) => ({ params: { id, scopeId }, body, ifMatch: etag }),
    { refreshes: [scopes(id)] },
  );

/** Deletes a scope. */
export const useDeleteScope = (id: string) =>
  useChange("deleteScope", (scopeId: string) => ({ params: { id, scopeId } }), { refreshes: [scopes(id)] });

const applications = { queryKey: keyOf("listApplications", {}) };

/** Reads every application. */
export const applicationsQuery = () => listOf("listApplications", {});

/** Every application. */
export const useApplications = () => useQuery(applicationsQuery());

/** One application. */
export const useApplication = (id: string) => useQuery(queryOf("getApplication", { params: { id } }));

/** The request body of a new application. */
export type NewApplication = Required<BodyOf<"createApplication">>;

/** A created application; has a secret unless it uses private_key_jwt. */
export type CreatedApplication = ResponseOf<"createApplication">;

/** Creates an application; only this response contains the client secret. */
export const useCreateApplication = () =>
  useChange("createApplication", (body: NewApplication) => ({ body }), { refreshes: [applications] });

/** Changes an application. */
export const useUpdateApplication = (id: string) =>
  useChange("updateApplication", ({ etag, ...body }: Edited<BodyOf<"updateApplication">>) => ({ params: { id }, body, ifMatch: etag }), {
    refreshes: [applications],
  });

/** Deletes an application, as long as it has this ETag. */
export const useDeleteApplication = (id: string) =>
  useChange("deleteApplication", (etag: string) => ({ params: { id }, ifMatch: etag }), {
    refreshes: [{ ...applications, exact: true }],
    outdates: [applications],
    caches: (client) => client.removeQueries({ queryKey: keyOf("getApplication", { params: { id } }) }),
  });

/** Adds a client secret; only this response contains it. */
export const useCreateSecret = (id: string) =>
  useChange("createSecret", (body: BodyOf<"createSecret">) => ({ params: { id }, body }), { refreshes: [applications] });

/** Deletes a client secret. */
export const useDeleteSecret = (id: string) =>
  useChange("deleteSecret", (secretId: string) => ({ params: { id, secretId } }), { refreshes: [applications] });

/** Issues a short-lived token for an application. */
export const useIssueToken = () =>
  useChange("issueToken", ({ id, scopes }: { id: string; scopes: string[] }) => ({ params: { id }, body: { scopes } }));

/** Reads the activity page by page, newest first. */
export const activityQuery = () =>
  infiniteQueryOptions({
    queryKey: keyOf("listActivity", {}),
    queryFn: ({ pageParam, signal }) => readPage("listActivity", { signal }, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 15_000,
  });

/** The activity, newest first; `fetchNextPage` loads earlier entries. */
export const useActivity = () => useInfiniteQuery(activityQuery());
