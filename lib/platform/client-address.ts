import { clientAddress as addressOf } from "@/lib/client-address/client-address";
import { PEER_HEADER } from "@/lib/client-address/private-headers";
import { trustedProxies } from "@/lib/client-address/trusted-proxies";
import { environment } from "./env";
import { singleton } from "./singleton";

const trusts = () => singleton("client-address-proxies", () => trustedProxies(environment().trustedProxies));

/** Returns the client's address of a request to the console: the peer's, or the one that `GATEWRIGHT_TRUSTED_PROXIES` forward. */
export function clientAddress(headers: Pick<Headers, "get">, isTrusted: (address: string) => boolean = trusts()): string {
  return addressOf(headers.get(PEER_HEADER) ?? "unknown", headers.get("x-forwarded-for"), isTrusted);
}
