import { logger } from "@/lib/platform/log";
import { handleClientRequest, unavailable } from "./client-request";
import { AM_ENDPOINTS, ENDPOINTS, type EndpointName } from "./endpoints";
import { KEY_SET_MAX_AGE_SECONDS } from "./key-rotation";
import { amMetadataOf, metadataOf } from "./metadata";
import { OAuthError } from "./oauth-error";
import { findServer, findServerNow, type ServerRecord } from "./server-records";
import { issuerOf } from "./servers";

export { FORM_BYTES_MAX } from "./form-request";

const NOT_STORED = { "cache-control": "no-store", pragma: "no-cache" };
/** Public documents: readable from any origin, and cacheable for as long as key rotation waits. */
const PUBLIC = { "cache-control": `public, max-age=${KEY_SET_MAX_AGE_SECONDS}`, "access-control-allow-origin": "*" };

const jsonText = (status: number, text: string, headers: Readonly<Record<string, string>>): Response =>
  new Response(text, {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "x-content-type-options": "nosniff", ...headers },
  });

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>>): Response =>
  jsonText(status, JSON.stringify(body), headers);

function errorResponse(error: OAuthError, serverId: string): Response {
  const challenge: Record<string, string> =
    error.status === 401 ? { "www-authenticate": `Basic realm="${issuerOf(serverId)}", charset="UTF-8"` } : {};
  return json(
    error.status,
    { error: error.error, error_description: error.description },
    { ...NOT_STORED, ...challenge, ...error.headers },
  );
}

type Answer = (server: ServerRecord, request: Request) => Promise<Response>;

/** Handles a POST with oidc-provider. Returns only its status, body and DPoP nonce (RFC 9449, 8.2). */
const provided =
  (name: EndpointName, isAmPath: boolean): Answer =>
  async (server, request) => {
    const { status, text, dpopNonce } = await handleClientRequest(server, name, isAmPath, request);
    const headers = { ...NOT_STORED, ...(dpopNonce === null ? {} : { "dpop-nonce": dpopNonce }) };
    return text === "" ? new Response(null, { status, headers }) : jsonText(status, text, headers);
  };

const metadata: Answer = async (server) => json(200, metadataOf(server), PUBLIC);
const amMetadata: Answer = async (server) => json(200, amMetadataOf(server), PUBLIC);
const keys: Answer = async (server) => json(200, { keys: server.keys.map((key) => key.publicJwk) }, PUBLIC);

interface Endpoint {
  method: "GET" | "POST";
  answer: Answer;
}

const posts = (paths: Readonly<Record<EndpointName, string>>, isAmPath: boolean): [string, Endpoint][] =>
  (["token", "introspection", "revocation"] as const).map((name) => [paths[name], { method: "POST", answer: provided(name, isAmPath) }]);

const TABLE: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ...posts(ENDPOINTS, false),
  [ENDPOINTS.jwks, { method: "GET", answer: keys }],
  ["/.well-known/openid-configuration", { method: "GET", answer: metadata }],
  ["/.well-known/oauth-authorization-server", { method: "GET", answer: metadata }],
]);

/** Gravitee's paths. Its first version used `check_token` for introspection. */
const AM_TABLE: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ...posts(AM_ENDPOINTS, true),
  ["/oauth/check_token", { method: "POST", answer: provided("introspection", true) }],
  [AM_ENDPOINTS.jwks, { method: "GET", answer: keys }],
  ["/oidc/.well-known/openid-configuration", { method: "GET", answer: amMetadata }],
]);

/** Answers a CORS preflight. Only the public documents are open to browsers, which can't store a client secret. */
function preflight({ method }: Endpoint): Response {
  const open = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET",
    "access-control-allow-headers": "*",
    "access-control-max-age": "3600",
  };
  return new Response(null, { status: 204, headers: { allow: `${method}, OPTIONS`, ...(method === "GET" ? open : {}) } });
}

async function answer(table: ReadonlyMap<string, Endpoint>, serverId: string, pathBelow: string, request: Request): Promise<Response> {
  const endpoint = table.get(`/${pathBelow.replace(/^\//, "")}`);
  if (!endpoint) throw new OAuthError(404, "not_found", "Unknown endpoint.");
  if (request.method === "OPTIONS") return preflight(endpoint);
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method !== endpoint.method)
    throw new OAuthError(405, "invalid_request", `This endpoint accepts ${endpoint.method} only.`, {
      allow: `${endpoint.method}, OPTIONS`,
    });
  // Public documents may come from a stale cache; issuing and introspecting tokens needs the current state.
  const server = await (endpoint.method === "POST" ? findServerNow(serverId) : findServer(serverId));
  if (!server) throw new OAuthError(404, "not_found", "Authorization server not found.");
  return endpoint.answer(server, request);
}

async function handle(table: ReadonlyMap<string, Endpoint>, serverId: string, pathBelow: string, request: Request): Promise<Response> {
  try {
    return await answer(table, serverId, pathBelow, request);
  } catch (error) {
    if (error instanceof OAuthError) return errorResponse(error, serverId);
    logger().error({ err: error, server: serverId }, "authorization server request failed");
    return errorResponse(unavailable(), serverId);
  }
}

/**
 * Handles a request to an authorization server. Errors are JSON (RFC 6749, 5.2); 503 when the database is unreachable.
 * @param pathBelow the path below the issuer, for example `/v1/token`
 */
export const handleAuthorizationServerRequest = (serverId: string, pathBelow: string, request: Request): Promise<Response> =>
  handle(TABLE, serverId, pathBelow, request);

/**
 * Handles a request to an authorization server by a path of Gravitee Access Management.
 * @param domain the ID of the authorization server, which is Gravitee's security domain
 * @param pathBelow the path below the domain, for example `/oauth/token`
 */
export const handleAmRequest = (domain: string, pathBelow: string, request: Request): Promise<Response> =>
  handle(AM_TABLE, domain, pathBelow, request);
