import { singleton } from "@/lib/platform/singleton";
import type { ServerRecord } from "./server-records";
import { issuerOf } from "./servers";

/** An API that needs tokens, as its protected-resource metadata (RFC 9728) describes it. */
export interface ApiResource {
  /** The `resource` of its metadata, which its gateway requires in `aud`. */
  uri: string;
  /** The issuers of the authorization servers that its metadata names. */
  issuers: readonly string[];
}

/** Finds the deployed API of a resource URI; null when there is none. Rejects when the lookup fails. */
export type FindApiResource = (resource: string) => Promise<ApiResource | null>;

const holder = () => singleton("api-resources", (): { find: FindApiResource } => ({ find: async () => null }));

/** Sets the lookup that this process's authorization servers use for API resource URIs. */
export function provideApiResources(find: FindApiResource): void {
  holder().find = find;
}

/** Maximum resources of one token. */
export const RESOURCES_MAX = 10;

/** The `aud` of a token, or why this server issues no token for a resource. */
export type Target = { audience: string | string[] } | { problem: string };

const UNKNOWN = "this authorization server issues no tokens for this resource";

async function audienceOf(server: ServerRecord, resource: string): Promise<{ audience: string } | { problem: string }> {
  if (!URL.canParse(resource)) return { problem: "resource indicator must be an absolute URI" };
  if (new URL(resource).href.includes("#")) return { problem: "resource indicator must not contain a fragment component" };
  if (resource === server.audience) return { audience: server.audience };
  const api = await holder().find(resource);
  return api?.issuers.includes(issuerOf(server.id)) ? { audience: api.uri } : { problem: UNKNOWN };
}

/**
 * Resolves resource parameters to a token's audience (RFC 8707, 2). Without resources, it's the server's default audience.
 * One unknown resource rejects the request.
 */
export async function targetOf(server: ServerRecord, resources: readonly string[]): Promise<Target> {
  const different = [...new Set(resources)];
  if (different.length === 0) return { audience: server.audience };
  if (different.length > RESOURCES_MAX) return { problem: `a token can be for at most ${RESOURCES_MAX} resources` };
  const audiences = new Set<string>();
  for (const resource of different) {
    const found = await audienceOf(server, resource);
    if ("problem" in found) return found;
    audiences.add(found.audience);
  }
  const [only = "", ...others] = audiences;
  return { audience: others.length === 0 ? only : [only, ...others] };
}

const PREFIX = "urn:gatewright:resources:";

/**
 * Encodes several resources or audiences as one string, because oidc-provider accepts one of each. An empty list means the
 * server's default audience.
 */
export const packed = (texts: readonly string[]): string => PREFIX + Buffer.from(JSON.stringify(texts)).toString("base64url");

/** Decodes the output of `packed`; null for any other text. */
export function unpacked(text: string): string[] | null {
  if (!text.startsWith(PREFIX)) return null;
  const value: unknown = JSON.parse(Buffer.from(text.slice(PREFIX.length), "base64url").toString("utf8"));
  return Array.isArray(value) ? value.map(String) : null;
}
