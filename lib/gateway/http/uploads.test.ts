import { expect, test } from "vitest";
import { readCallerHeaders } from "./caller-headers";
import { clientOf } from "./uploads";

const counted = (peer: string, forwarded?: string) =>
  clientOf(peer, readCallerHeaders(forwarded === undefined ? [] : ["x-forwarded-for", forwarded]), (address) => address.startsWith("10."));

test.each([
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
])("uploads from %s count for %s, and two clients mapped into IPv6 are two", (address, name) => {
  expect(counted(address)).toBe(name);
  expect(counted("10.0.0.1", `1.1.1.1, ${address}`)).toBe(name);
  expect(counted("::ffff:203.0.113.9")).not.toBe(counted("::ffff:203.0.113.10"));
});
