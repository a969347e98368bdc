import { ENDPOINTS } from "./provider";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";

const AUTHENTICATION_METHODS = ["client_secret_basic", "client_secret_post"];

/**
 * What clients discover of a server (RFC 8414 section 2, OpenID Connect Discovery section 4). It names what the server
 * does and nothing else: no authorization endpoint, only the scopes that are published, and no response types because a
 * member without elements is left out.
 */
export function metadataOf(server: ServerRecord): Record<string, unknown> {
  const issuer = issuerOf(server.id);
  const published = server.scopes.filter((scope) => scope.published).map((scope) => scope.name);
  return {
    issuer,
    token_endpoint: `${issuer}${ENDPOINTS.token}`,
    introspection_endpoint: `${issuer}${ENDPOINTS.introspection}`,
    jwks_uri: `${issuer}${ENDPOINTS.jwks}`,
    ...(published.length > 0 ? { scopes_supported: published } : {}),
    grant_types_supported: ["client_credentials"],
    token_endpoint_auth_methods_supported: AUTHENTICATION_METHODS,
    introspection_endpoint_auth_methods_supported: AUTHENTICATION_METHODS,
    subject_types_supported: ["public"],
  };
}
