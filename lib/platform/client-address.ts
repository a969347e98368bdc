import { clientAddress as addressOf } from "@/lib/client-address/client-address";
import { trustedProxies } from "@/lib/client-address/trusted-proxies";
import { environment } from "./env";
import { PEER_HEADER } from "./peer";
import { singleton } from "./singleton";

const trusts = () => singleton("client-address-proxies", () => trustedProxies(environment().trustedProxies));

/** Returns the address that a request to the console comes from: the peer's, or the client's behind `GATEWRIGHT_TRUSTED_PROXIES`. */
export function clientAddress(headers: Pick<Headers, "get">, isTrusted: (address: string) => boolean = trusts()): string {
  return addressOf(headers.get(PEER_HEADER) ?? "unknown", headers.get("x-forwarded-for"), isTrusted);
}
