import { request } from "undici";
import { describe, expect, test } from "vitest";
import { guardedAgent, isForbiddenAddress, JwksUnavailable } from "./jwks-fetch";

describe("a key set is never fetched from", () => {
  test.each([
    "169.254.169.254",
    "169.254.0.1",
    "0.0.0.0",
    "100.100.100.200",
    "224.0.0.1",
    "255.255.255.255",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "ff02::1",
    "::",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::169.254.169.254",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1",
    "no address",
  ])("%s", (address) => {
    expect(isForbiddenAddress(address)).toBe(true);
  });
});

describe("a key set may be at", () => {
  test.each(["127.0.0.1", "::1", "10.1.2.3", "192.168.1.1", "93.184.216.34", "2606:2800:220:1::1", "::ffff:10.1.2.3", "fd00::1"])(
    "%s",
    (address) => {
      expect(isForbiddenAddress(address)).toBe(false);
    },
  );
});

test.each([["169.254.169.254"], ["93.184.216.34", "169.254.169.254"], []])(
  "a name is asked at no address when it resolves to %s %s",
  async (...addresses: string[]) => {
    const agent = guardedAgent((_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      ),
    );
    await expect(request("http://keys.example/jwks", { dispatcher: agent })).rejects.toBeInstanceOf(JwksUnavailable);
    await agent.close();
  },
);
