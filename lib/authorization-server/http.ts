import { logger } from "@/lib/platform/log";
import { readFormRequest } from "./form-request";
import { metadataOf } from "./metadata";
import { OAuthError } from "./oauth-error";
import { ENDPOINTS, providerOf } from "./provider";
import { callProvider } from "./provider-call";
import { findServer, type ServerRecord } from "./server-records";
import { issuerOf } from "./servers";

const NOT_STORED = { "cache-control": "no-store", pragma: "no-cache" };
/** Public documents: any page may read them, and a verifier may keep them for a minute. */
const PUBLIC = { "cache-control": "public, max-age=60", "access-control-allow-origin": "*" };

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>>): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "x-content-type-options": "nosniff", ...headers },
  });

function refusal(error: OAuthError, serverId: string): Response {
  const challenge: Record<string, string> =
    error.status === 401 ? { "www-authenticate": `Basic realm="${issuerOf(serverId)}", charset="UTF-8"` } : {};
  return json(
    error.status,
    { error: error.error, error_description: error.description },
    { ...NOT_STORED, ...challenge, ...error.headers },
  );
}

const away = () =>
  new OAuthError(503, "temporarily_unavailable", "The authorization server cannot answer right now. Try again in a moment.", {
    "retry-after": "2",
  });

type Answer = (server: ServerRecord, request: Request) => Promise<Response>;

/** A POST that oidc-provider answers. Of its answer only status, body and challenge go out. */
const provided =
  (path: string): Answer =>
  async (server, request) => {
    const form = await readFormRequest(request);
    const answer = await callProvider(providerOf(server), path, form);
    if (answer.status >= 500) throw away();
    const body: unknown = await answer.json();
    const challenge = answer.headers.get("www-authenticate") ?? `Basic realm="${issuerOf(server.id)}", charset="UTF-8"`;
    return json(answer.status, body, { ...NOT_STORED, ...(answer.status === 401 ? { "www-authenticate": challenge } : {}) });
  };

const metadata: Answer = async (server) => json(200, metadataOf(server.id), PUBLIC);
const keys: Answer = async (server) => json(200, { keys: server.keys.map((key) => key.publicJwk) }, PUBLIC);

interface Endpoint {
  method: "GET" | "POST";
  answer: Answer;
}

const TABLE: ReadonlyMap<string, Endpoint> = new Map([
  [ENDPOINTS.token, { method: "POST", answer: provided(ENDPOINTS.token) }],
  [ENDPOINTS.introspection, { method: "POST", answer: provided(ENDPOINTS.introspection) }],
  [ENDPOINTS.jwks, { method: "GET", answer: keys }],
  ["/.well-known/openid-configuration", { method: "GET", answer: metadata }],
  ["/.well-known/oauth-authorization-server", { method: "GET", answer: metadata }],
]);

/** What browsers may do: read the public documents. The other endpoints are not for pages, which can keep no secret. */
function preflight({ method }: Endpoint): Response {
  const open = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET",
    "access-control-allow-headers": "*",
    "access-control-max-age": "3600",
  };
  return new Response(null, { status: 204, headers: { allow: `${method}, OPTIONS`, ...(method === "GET" ? open : {}) } });
}

async function answer(serverId: string, pathBelow: string, request: Request): Promise<Response> {
  const endpoint = TABLE.get(`/${pathBelow.replace(/^\//, "")}`);
  if (!endpoint) throw new OAuthError(404, "not_found", "An authorization server has no such endpoint.");
  if (request.method === "OPTIONS") return preflight(endpoint);
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method !== endpoint.method)
    throw new OAuthError(405, "invalid_request", `This endpoint answers ${endpoint.method} only.`, {
      allow: `${endpoint.method}, OPTIONS`,
    });
  const server = await findServer(serverId);
  if (!server) throw new OAuthError(404, "not_found", "There is no such authorization server.");
  return endpoint.answer(server, request);
}

/**
 * Answers a request to an authorization server. Every refusal is JSON in the words of RFC 6749 section 5.2;
 * 503 when the database is away.
 * @param pathBelow the path below the issuer, for example `/v1/token`
 */
export async function handleAuthorizationServerRequest(serverId: string, pathBelow: string, request: Request): Promise<Response> {
  try {
    return await answer(serverId, pathBelow, request);
  } catch (error) {
    if (error instanceof OAuthError) return refusal(error, serverId);
    logger().error({ err: error, server: serverId }, "an authorization server could not answer");
    return refusal(away(), serverId);
  }
}
