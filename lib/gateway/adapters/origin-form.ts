const SCHEME_AND_AUTHORITY = /^https?:\/\/[^/?#]*/i;

/**
 * A request target without scheme and host, which proxies send and servers have to take (RFC 9112, section 3.2.2).
 * The host in it decides nothing here, as little as `Host` does.
 */
export function originForm(target: string): string {
  const rest = target.replace(SCHEME_AND_AUTHORITY, "");
  return rest === target || rest.startsWith("/") ? rest : `/${rest}`;
}
