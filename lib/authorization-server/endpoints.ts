import type { KoaContextWithOIDC } from "oidc-provider";
import { environment } from "@/lib/platform/env";
import { issuerOf } from "./servers";

/** Endpoint paths below the issuer. */
export const ENDPOINTS = { token: "/v1/token", introspection: "/v1/introspect", revocation: "/v1/revoke", jwks: "/v1/keys" } as const;

/** Endpoint paths of Gravitee Access Management, below `/am/<domain>`. A domain is an authorization server. */
export const AM_ENDPOINTS = {
  token: "/oauth/token",
  introspection: "/oauth/introspect",
  revocation: "/oauth/revoke",
  jwks: "/oidc/.well-known/jwks.json",
} as const;

export type EndpointName = keyof typeof ENDPOINTS;

/** The public URL of an endpoint. */
export const endpointUrl = (serverId: string, name: EndpointName): string => `${issuerOf(serverId)}${ENDPOINTS[name]}`;

/** The public URL of an endpoint's Gravitee path. */
export const amEndpointUrl = (serverId: string, name: EndpointName): string =>
  `${environment().publicUrl}/am/${serverId}${AM_ENDPOINTS[name]}`;

/**
 * Internal header that tells oidc-provider the called URL. Clients can't set it, because each request to oidc-provider is built
 * from scratch.
 */
export const CALLED_URL_HEADER = "x-gatewright-called-url";
/** Internal response header with the log fields: JSON in base64url, never sent to clients. */
export const FACTS_HEADER = "x-gatewright-facts";

const isEndpoint = (name: string): name is EndpointName => name in ENDPOINTS;

/** The public URL of an oidc-provider route: the called URL for the current route, otherwise the one below the issuer. */
export function publicUrlOf(ctx: KoaContextWithOIDC, serverId: string, route: string): string {
  if (route === ctx.oidc.route) return ctx.get(CALLED_URL_HEADER);
  if (isEndpoint(route)) return endpointUrl(serverId, route);
  throw new Error(`The authorization servers have no route ${route}.`);
}
