import { clientAddress, clientNetwork } from "@/lib/client-address/client-address";
import { BackendError } from "../upstream/backend-error";
import type { CallerHeaders } from "./caller-headers";
import type { RequestBody } from "./request-body";

/** Returns the key for a client's uploads: its address, or its network for IPv6. */
export const clientOf = (peerAddress: string, caller: CallerHeaders, trusts: (address: string) => boolean): string =>
  clientNetwork(clientAddress(peerAddress, caller.forwardedFor, trusts));

/** Counts an endpoint's incomplete uploads by client. */
export class Uploads {
  readonly #open = new Map<string, number>();

  /** @param perClient how many one client may have at a time */
  constructor(private readonly perClient: number) {}

  /** Counts a body until it ends. Returns an error if the client is over its limit, otherwise null. */
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
