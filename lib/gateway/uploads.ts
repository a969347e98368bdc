import { isIPv6 } from "node:net";
import { BackendError } from "./backend-error";
import type { CallerHeaders } from "./caller-headers";
import type { RequestBody } from "./request-body";

/** What one person has at least of IPv6: the first four groups of an address. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = (address.split("%", 1)[0] ?? "").toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? 0 : tail.split(":").length;
    while (groups.length + after < 8) groups.push("0");
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** An address as proxies write it, without the port that some add. */
const bare = (text: string) => /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;

/** By what a client is counted: its address, or behind trusted proxies the last one in `X-Forwarded-For` that is not one of them. */
export function clientOf(peerAddress: string, caller: CallerHeaders, trusts: (address: string) => boolean): string {
  if (caller.forwardedFor === null || !trusts(peerAddress)) return networkOf(peerAddress);
  const named = caller.forwardedFor.split(",").map((text) => bare(text.trim()));
  return networkOf(named.findLast((address) => !trusts(address)) ?? peerAddress);
}

/** The uploads of one endpoint whose body is still coming, by client. */
export class Uploads {
  readonly #open = new Map<string, number>();

  /** @param perClient how many one client may have at a time */
  constructor(private readonly perClient: number) {}

  /** Counts a body until it is over. Returns why it may not be sent, or null. */
  take(body: RequestBody, client: () => string): BackendError | null {
    // Most are there as a whole by then.
    if (body.arrived) return null;
    const name = client();
    const count = this.#open.get(name) ?? 0;
    if (count >= this.perClient) return new BackendError("tooManyUploads", `${count} uploads of ${name} are still arriving.`);
    this.#open.set(name, count + 1);
    body.whenOver(() => {
      const left = (this.#open.get(name) ?? 1) - 1;
      if (left > 0) this.#open.set(name, left);
      else this.#open.delete(name);
    });
    return null;
  }
}
