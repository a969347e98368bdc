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
  /** `Basic …`; null where the URL has no credentials. */
  authorization: string | null;
}

/** As connections without a proxy have it. */
const KEEP_ALIVE_MS = 60_000;

/** A proxy did not connect. The message is for the log: it names hosts, never the proxy's credentials. */
export class ProxyFailure extends Error {
  override name = "ProxyFailure";

  constructor(
    message: string,
    readonly code = "OUTBOUND_PROXY_FAILED",
  ) {
    super(message);
  }
}

/** Reads the URL of a proxy, or says what is wrong with it. */
export function parseProxy(text: string): OutboundProxy | string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    return "must be an http or https URL, for example http://proxy.internal:3128";
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") return "must have no path, query or fragment";
  try {
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    if (user.includes(":")) return "must have no colon in its user name: the password would begin there";
    const isOpen = user === "" && password === "";
    return {
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port) || (url.protocol === "https:" ? 443 : 80),
      authorization: isOpen ? null : `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
    };
  } catch {
    return "must have its user name and password percent-encoded";
  }
}

const loopback = listOf([
  { address: "127.0.0.0", prefix: 8, family: "ipv4" },
  { address: "::1", prefix: 128, family: "ipv6" },
]);

/**
 * Whether a host (without brackets) is called without the proxy: it is this machine, which for a proxy would be another one, or
 * a pattern of `GATEWRIGHT_OUTBOUND_NO_PROXY` describes it.
 */
export function bypassesProxy(host: string, patterns: readonly string[]): boolean {
  const name = host.replace(/\.$/, "");
  if (/^(?:.+\.)?localhost$/i.test(name) || readingsOf(name).some((address) => loopback.check(address, familyOf(address)))) return true;
  return patterns.some((pattern) => matchesPattern(pattern.replace(/^\[([^\]]*)\]$/, "$1"), name));
}

/**
 * Lets a proxy connect to a host and port (RFC 9110, section 9.3.6). The proxy's own certificate is verified.
 * @returns through the callback: a connection that ends at the host, or a {@link ProxyFailure}, within the time
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
    // Written down, because otherwise NODE_TLS_REJECT_UNAUTHORIZED in the environment would decide the one, and the Host header,
    // which names the backend, the other.
    ...(proxy.protocol === "https:" ? { rejectUnauthorized: true, servername: isIP(proxy.hostname) ? "" : proxy.hostname } : {}),
  });
  const timer = setTimeout(
    () => request.destroy(new ProxyFailure(`The outbound proxy did not connect to ${authority} within ${timeoutMs} ms.`, "ETIMEDOUT")),
    timeoutMs,
  );
  let settled = false;
  const settle = (error: Error | null, socket: Socket | null) => {
    clearTimeout(timer);
    if (settled) return;
    settled = true;
    callback(error, socket);
  };
  const refused = (answer: IncomingMessage) =>
    new ProxyFailure(`The outbound proxy answered ${answer.statusCode} to CONNECT ${authority}.`, "OUTBOUND_PROXY_REFUSED");
  request.once("connect", (answer, socket, head) => {
    if (answer.statusCode === undefined || answer.statusCode < 200 || answer.statusCode > 299) {
      socket.on("error", () => undefined).destroy();
      settle(refused(answer), null);
      return;
    }
    if (head.length > 0) socket.unshift(head);
    socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
    settle(null, socket);
  });
  // Node gives an answer to CONNECT as an upgrade; this is for one that is no answer to it.
  request.once("response", (answer) => {
    request.destroy();
    settle(refused(answer), null);
  });
  request.on("error", (error) =>
    settle(error instanceof ProxyFailure ? error : new ProxyFailure(`The outbound proxy could not be used: ${error.message}`), null),
  );
  request.end();
}
