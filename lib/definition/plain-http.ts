import { calledUrls } from "./called-urls";
import type { Problem } from "./problems";
import type { DefinitionRegistry } from "./registry";
import type { Definition } from "./schema";

const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])\.?$/;

/** Says that a URL with tokens, keys or credentials is not protected by TLS, or nothing. On this machine nobody listens. */
export function plainHttpProblem(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  if (protocol !== "http:" || LOOPBACK.test(hostname)) return undefined;
  return "Not protected by TLS: anyone on the network path can read the credentials and tokens sent there, and replace the response. Use https://.";
}

/**
 * Warns of each authorization server (token, introspection, discovery or key-set URL) that a definition calls without TLS.
 * Backends aren't among them: they are often in a network of their own.
 */
export function plainHttpWarnings(definition: Definition, registry: DefinitionRegistry): Problem[] {
  return calledUrls(definition, registry).flatMap(({ path, url }) => {
    const message = /^endpoints\.[a-z]+\.url$/.test(path) ? undefined : plainHttpProblem(url);
    return message === undefined ? [] : [{ path, message: `${url}: ${message}` }];
  });
}
