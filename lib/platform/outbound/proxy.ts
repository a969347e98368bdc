import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import { familyOf, listOf, readingsOf } from "./addresses";
import { matchesPattern } from "./pattern";

/** The proxy of `GATEWRIGHT_OUTBOUND_PROXY`. */
export interface OutboundProxy {
  protocol: "http:" | "https:";
  /** Without brackets. */
  hostname: string;
  port: number;
  /** `Basic …`; null when the URL has no credentials. */
  authorization: string | null;
}

/** The same as for direct connections. */
const KEEP_ALIVE_MS = 60_000;

/** The proxy didn't connect. The message is for the log; it has host names but no credentials. */
export class ProxyFailure extends Error {
  override name = "ProxyFailure";

  constructor(
    message: string,
    readonly code = "OUTBOUND_PROXY_FAILED",
  ) {
    super(message);
  }
}

/** Parses a proxy URL; returns the error as a string. */
export function parseProxy(text: string): OutboundProxy | string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    return "must be an http or https URL, for example http://proxy.internal:3128";
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") return "must not have a path, query or fragment";
  try {
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    if (user.includes(":")) return "must not have a colon in the username, where the password starts";
    const isOpen = user === "" && password === "";
    return {
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port) || (url.protocol === "https:" ? 443 : 80),
      authorization: isOpen ? null : `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
    };
  } catch {
    return "must percent-encode username and password (% as %25)";
  }
}

const loopback = listOf([
  { address: "127.0.0.0", prefix: 8, family: "ipv4" },
  { address: "::1", prefix: 128, family: "ipv6" },
]);

/**
 * Whether a host (without brackets) bypasses the proxy: a loopback host, which would be another machine for the proxy, or a match of
 * `GATEWRIGHT_OUTBOUND_NO_PROXY`.
 */
export function bypassesProxy(host: string, patterns: readonly string[]): boolean {
  const name = host.replace(/\.$/, "");
  if (/^(?:.+\.)?localhost$/i.test(name) || readingsOf(name).some((address) => loopback.check(address, familyOf(address)))) return true;
  return patterns.some((pattern) => matchesPattern(pattern.replace(/^\[([^\]]*)\]$/, "$1"), name));
}

/**
 * Opens a tunnel to a host and port (RFC 9110, 9.3.6). The proxy's certificate is verified.
 * @param callback gets the tunnel or a {@link ProxyFailure} within `timeoutMs`
 */
export function openTunnel(
  proxy: OutboundProxy,
  authority: string,
  timeoutMs: number,
  callback: (error: Error | null, socket: Socket | null) => void,
): void {
  const send = proxy.protocol === "https:" ? httpsRequest : httpRequest;
  const request = send({
    hostname: proxy.hostname,
    port: proxy.port,
    method: "CONNECT",
    path: authority,
    headers: { host: authority, ...(proxy.authorization === null ? {} : { "proxy-authorization": proxy.authorization }) },
    agent: false,
    // Explicit, because otherwise NODE_TLS_REJECT_UNAUTHORIZED and the backend's Host header would apply.
    ...(proxy.protocol === "https:" ? { rejectUnauthorized: true, servername: isIP(proxy.hostname) ? "" : proxy.hostname } : {}),
  });
  const timer = setTimeout(
    () => request.destroy(new ProxyFailure(`The outbound proxy didn't connect to ${authority} within ${timeoutMs} ms.`, "ETIMEDOUT")),
    timeoutMs,
  );
  let settled = false;
  const settle = (error: Error | null, socket: Socket | null) => {
    clearTimeout(timer);
    if (settled) return;
    settled = true;
    callback(error, socket);
  };
  const rejected = (answer: IncomingMessage) =>
    new ProxyFailure(`The outbound proxy returned ${answer.statusCode} for CONNECT ${authority}.`, "OUTBOUND_PROXY_REFUSED");
  request.once("connect", (answer, socket, head) => {
    if (answer.statusCode === undefined || answer.statusCode < 200 || answer.statusCode > 299) {
      socket.on("error", () => undefined).destroy();
      settle(rejected(answer), null);
      return;
    }
    if (head.length > 0) socket.unshift(head);
    socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
    settle(null, socket);
  });
  // Node emits `connect` for a response to CONNECT; this handles any other response.
  request.once("response", (answer) => {
    request.destroy();
    settle(rejected(answer), null);
  });
  request.on("error", (error) =>
    settle(error instanceof ProxyFailure ? error : new ProxyFailure(`The outbound proxy failed: ${error.message}`), null),
  );
  request.end();
}
