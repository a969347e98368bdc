import { amEndpointUrl, type EndpointName, endpointUrl } from "./endpoints";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";
import { ASSERTION_ALGORITHMS, DPOP_ALGORITHMS } from "./signature-algorithms";

const AUTHENTICATION_METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

const AUTHENTICATED = ["token", "introspection", "revocation"] as const;

/** Client authentication metadata of each endpoint (RFC 8414, 2). The algorithms apply to `private_key_jwt`. */
const authentication = Object.fromEntries(
  AUTHENTICATED.flatMap((name): [string, readonly string[]][] => [
    [`${name}_endpoint_auth_methods_supported`, AUTHENTICATION_METHODS],
    [`${name}_endpoint_auth_signing_alg_values_supported`, ASSERTION_ALGORITHMS],
  ]),
);

function documentOf(server: ServerRecord, urlOf: (serverId: string, name: EndpointName) => string): Record<string, unknown> {
  const published = server.scopes.filter((scope) => scope.published).map((scope) => scope.name);
  return {
    issuer: issuerOf(server.id),
    ...Object.fromEntries(AUTHENTICATED.map((name) => [`${name}_endpoint`, urlOf(server.id, name)])),
    jwks_uri: urlOf(server.id, "jwks"),
    ...(published.length > 0 ? { scopes_supported: published } : {}),
    grant_types_supported: ["client_credentials"],
    ...authentication,
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    subject_types_supported: ["public"],
  };
}

/**
 * The server's metadata (RFC 8414, 2; OpenID Connect Discovery, 4). It omits what the server doesn't support, such as an
 * authorization endpoint and response types, and unpublished scopes.
 */
export const metadataOf = (server: ServerRecord): Record<string, unknown> => documentOf(server, endpointUrl);

/** The same with Gravitee's endpoint paths. The issuer stays the server's own, which its tokens carry. */
export const amMetadataOf = (server: ServerRecord): Record<string, unknown> => documentOf(server, amEndpointUrl);
