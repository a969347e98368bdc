import { expect, test } from "vitest";
import { PEER_HEADER } from "@/lib/client-address/private-headers";
import { clientAddress } from "./client-address";

test.each([
  ["203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"],
  ["10.0.0.1", undefined, "10.0.0.1"],
  [undefined, "198.51.100.1", "unknown"],
])("with the peer %s and X-Forwarded-For %s, the client is %s", (peer, forwarded, address) => {
  const headers = new Headers({
    ...(peer === undefined ? {} : { [PEER_HEADER]: peer }),
    ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }),
  });
  expect(clientAddress(headers, (from) => from.startsWith("10."))).toBe(address);
});
