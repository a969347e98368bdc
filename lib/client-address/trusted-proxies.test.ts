import { expect, test } from "vitest";
import { parseNetwork, trustedProxies } from "./trusted-proxies";

test("no proxy is trusted by default", () => {
  expect(trustedProxies([])("127.0.0.1")).toBe(false);
});

test("addresses and networks match in both families", () => {
  const trusts = trustedProxies(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]);
  const asked = ["10.255.0.1", "11.0.0.1", "192.0.2.7", "192.0.2.8", "2001:db8::1", "2001:db9::1", "unknown"];
  expect(asked.map(trusts)).toEqual([true, false, true, false, true, false, false]);
  expect(asked.map(trusts)).toEqual([true, false, true, false, true, false, false]);
});

test.each(["localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::1/129", "10.0.0.1/8/8", ""])("%j isn't a network", (text) => {
  expect(parseNetwork(text)).toBeNull();
});
