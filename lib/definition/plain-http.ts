import { calledUrls } from "./called-urls";
import type { Problem } from "./problems";
import type { DefinitionRegistry } from "./registry";
import type { Definition } from "./schema";

const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])\.?$/;

/** Warns of a non-loopback URL without TLS; otherwise undefined. */
export function plainHttpProblem(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  if (protocol !== "http:" || LOOPBACK.test(hostname)) return undefined;
  return "Not protected by TLS: anyone on the network path can read credentials and tokens, and forge the response. Use https://.";
}

/**
 * Warns of token, introspection, discovery and key set URLs without TLS. Backends are excluded, because they often have an internal
 * network.
 */
export function plainHttpWarnings(definition: Definition, registry: DefinitionRegistry): Problem[] {
  return calledUrls(definition, registry).flatMap(({ path, url }) => {
    const message = /^endpoints\.[a-z]+\.url$/.test(path) ? undefined : plainHttpProblem(url);
    return message === undefined ? [] : [{ path, message: `${url}: ${message}` }];
  });
}
