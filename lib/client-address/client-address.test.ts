import { describe, expect, test } from "vitest";
import { clientAddress, clientNetwork } from "./client-address";

describe("the client's address", () => {
  const isTrusted = (address: string) => address.startsWith("10.");
  const from = (peer: string, forwarded?: string) => clientAddress(peer, forwarded ?? null, isTrusted);

  test.each([
    ["the peer's, whatever the header has", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["the one from a trusted proxy", "10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["the last untrusted one", "10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"],
    ["the first when all are trusted", "10.0.0.1", "10.7.7.7, 10.0.0.2", "10.7.7.7"],
    ["without the port that a proxy adds", "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"],
    ["without the brackets of IPv6", "10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"],
    ["the proxy's when the header is invalid", "10.0.0.1", "1.1.1.1, unknown", "10.0.0.1"],
    ["the proxy's without the header", "10.0.0.1", undefined, "10.0.0.1"],
  ])("is %s", (_what, peer, forwarded, address) => {
    expect(from(peer, forwarded)).toBe(address);
  });
});

describe("the client's network", () => {
  test.each([
    ["203.0.113.9", "203.0.113.9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["::FFFF:cb00:7109", "203.0.113.9"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:DB8:0:0:ffff::", "2001:db8:0:0::/64"],
    ["2001:db8:0:1::1", "2001:db8:0:1::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["unknown", "unknown"],
  ])("of %s is %s", (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });
});
