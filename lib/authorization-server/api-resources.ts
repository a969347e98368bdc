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

/** Finds the deployed API that a resource URI names; null when there is none. Rejects while that can't be told. */
export type FindApiResource = (resource: string) => Promise<ApiResource | null>;

const holder = () => singleton("api-resources", (): { find: FindApiResource } => ({ find: async () => null }));

/** Sets where this process's authorization servers look up the APIs that tokens can be for. */
export function provideApiResources(find: FindApiResource): void {
  holder().find = find;
}

/** How many resources a token can be for. */
export const RESOURCES_MAX = 10;

/** What a token's `aud` becomes, or why a resource is none that this server issues tokens for. */
export type Target = { audience: string | string[] } | { problem: string };

const UNKNOWN = "this authorization server issues no tokens for that resource";

async function audienceOf(server: ServerRecord, resource: string): Promise<{ audience: string } | { problem: string }> {
  if (!URL.canParse(resource)) return { problem: "resource indicator must be an absolute URI" };
  if (new URL(resource).href.includes("#")) return { problem: "resource indicator must not contain a fragment component" };
  if (resource === server.audience) return { audience: server.audience };
  const api = await holder().find(resource);
  return api?.issuers.includes(issuerOf(server.id)) ? { audience: api.uri } : { problem: UNKNOWN };
}

/**
 * Finds the audience of a token for these resources (RFC 8707, section 2): of the APIs that they name and of nothing else, the
 * server's own audience without any. Every one of them has to be known.
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
 * Writes resources, or an audience of several, as one text: oidc-provider takes one resource for a client's own tokens and one
 * audience for a resource. No resource stands for the server's own audience.
 */
export const packed = (texts: readonly string[]): string => PREFIX + Buffer.from(JSON.stringify(texts)).toString("base64url");

/** Reads what `packed` wrote; null for any other text. */
export function unpacked(text: string): string[] | null {
  if (!text.startsWith(PREFIX)) return null;
  const value: unknown = JSON.parse(Buffer.from(text.slice(PREFIX.length), "base64url").toString("utf8"));
  return Array.isArray(value) ? value.map(String) : null;
}
