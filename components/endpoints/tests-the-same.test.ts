import { expect, it } from "vitest";
import type { Endpoint } from "@/lib/definition/schema";
import { testsTheSame } from "./tests-the-same";

const endpoint = (password?: string, url = "https://orders.example"): Endpoint => ({
  url,
  timeoutMs: 30_000,
  security: { type: "basic", username: "svc", ...(password === undefined ? {} : { password }) },
});

it("takes a test for old when the address, a setting or a typed secret changed", () => {
  expect(testsTheSame(endpoint("a"), endpoint("a"))).toBe(true);
  expect(testsTheSame(endpoint("a"), endpoint("b"))).toBe(false);
  expect(testsTheSame(endpoint(), endpoint("b"))).toBe(false);
  expect(testsTheSame(endpoint("a"), endpoint("a", "https://elsewhere.example"))).toBe(false);
});

it("does not take it for old because the secret was saved since", () => {
  expect(testsTheSame(endpoint("a"), endpoint())).toBe(true);
});
