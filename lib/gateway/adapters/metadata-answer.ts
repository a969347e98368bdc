import type { Gateway } from "../gateway";
import { parseTarget } from "../http/target";

/** An answer with a JSON body, or none. */
export interface MetadataAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Anyone may read it, from any origin, without credentials. */
const PUBLIC_HEADERS = { "access-control-allow-origin": "*", "x-content-type-options": "nosniff" };

const answer = (status: number, body: unknown, extra: Record<string, string> = {}): MetadataAnswer => ({
  status,
  headers: { ...PUBLIC_HEADERS, ...extra },
  body,
});

/** The protected-resource metadata of one API (RFC 9728, section 3). `target` is what follows the mount point: its context path. */
export async function metadataAnswer(gateway: Gateway, method: string, rawTarget: string): Promise<MetadataAnswer> {
  if (method === "OPTIONS")
    return answer(204, undefined, { "access-control-allow-methods": "GET, HEAD", "access-control-allow-headers": "*" });
  if (method !== "GET" && method !== "HEAD")
    return answer(
      405,
      { message: "This method is not allowed", http_status_code: 405, error: "METHOD_NOT_ALLOWED" },
      { allow: "GET, HEAD, OPTIONS" },
    );
  const target = parseTarget(rawTarget);
  if (typeof target === "string") return answer(400, { message: target, http_status_code: 400, error: "INVALID_REQUEST_TARGET" });
  const contextPath = target.path.length > 1 && target.path.endsWith("/") ? target.path.slice(0, -1) : target.path;
  const document = await gateway.protectedResource(contextPath);
  if (!document)
    return answer(404, { message: "No protected API is deployed at this path", http_status_code: 404, error: "API_NOT_FOUND" });
  return answer(200, document, { "cache-control": "max-age=60" });
}
