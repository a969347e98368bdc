import type { KoaContextWithOIDC } from "oidc-provider";
import { environment } from "@/lib/platform/env";
import { issuerOf } from "./servers";

/** The endpoints of a server, below its issuer. */
export const ENDPOINTS = { token: "/v1/token", introspection: "/v1/introspect", revocation: "/v1/revoke", jwks: "/v1/keys" } as const;

/** The same by the paths of Gravitee's Access Management, below `/am/<domain>`. A domain is an authorization server. */
export const AM_ENDPOINTS = {
  token: "/oauth/token",
  introspection: "/oauth/introspect",
  revocation: "/oauth/revoke",
  jwks: "/oidc/.well-known/jwks.json",
} as const;

export type EndpointName = keyof typeof ENDPOINTS;

/** Where callers reach an endpoint of a server. */
export const endpointUrl = (serverId: string, name: EndpointName): string => `${issuerOf(serverId)}${ENDPOINTS[name]}`;

/** Where callers reach it by Gravitee's path. */
export const amEndpointUrl = (serverId: string, name: EndpointName): string =>
  `${environment().publicUrl}/am/${serverId}${AM_ENDPOINTS[name]}`;

/**
 * In what header oidc-provider's context is told the address of the endpoint that was called. Requests to it are made anew, so no
 * client can send it.
 */
export const CALLED_URL_HEADER = "x-gatewright-called-url";
/** In what header of its answer it tells what the log says of the request, as JSON in base64url. It goes no further. */
export const FACTS_HEADER = "x-gatewright-facts";

const isEndpoint = (name: string): name is EndpointName => name in ENDPOINTS;

/** The address by which callers know a route of oidc-provider's: the one that was called, or else the one below the issuer. */
export function publicUrlOf(ctx: KoaContextWithOIDC, serverId: string, route: string): string {
  if (route === ctx.oidc.route) return ctx.get(CALLED_URL_HEADER);
  if (isEndpoint(route)) return endpointUrl(serverId, route);
  throw new Error(`The authorization servers have no route ${route}.`);
}
