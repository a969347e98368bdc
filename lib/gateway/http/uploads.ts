import { clientAddress, clientNetwork } from "@/lib/client-address/client-address";
import { BackendError } from "../upstream/backend-error";
import type { CallerHeaders } from "./caller-headers";
import type { RequestBody } from "./request-body";

/** Returns what the uploads of one client are counted by: its address, or the network of an IPv6 address. */
export const clientOf = (peerAddress: string, caller: CallerHeaders, trusts: (address: string) => boolean): string =>
  clientNetwork(clientAddress(peerAddress, caller.forwardedFor, trusts));

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
