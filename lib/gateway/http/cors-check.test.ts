import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cors } from "@/lib/definition/schema";
import { definition } from "../testing/fixtures";
import { checkCors } from "./cors-check";

const GATEWAY = "https://api.example";
const cors = (changes: Partial<Cors> = {}): Cors =>
  definition({
    endpoints: { production: { url: "http://localhost:9000" } },
    cors: { enabled: true, allowOrigins: ["https://shop.example"], ...changes },
  }).cors;
const check = (settings: Partial<Cors>, call: Partial<Parameters<typeof checkCors>[1]> = {}) =>
  checkCors(cors(settings), { origin: "https://shop.example", method: "GET", headers: [], credentials: false, ...call }, GATEWAY);

describe("a cross-origin call", () => {
  it("passes without a preflight when it is simple and its origin is allowed", () => {
    expect(check({})).toEqual({
      allowed: true,
      reasons: [
        "The API allows the origin https://shop.example.",
        "GET without further headers is a simple request: browsers send it without asking first.",
      ],
      preflight: { needed: false, status: 204, headers: expect.anything() },
      response: {
        headers: [
          { name: "vary", value: "Origin" },
          { name: "access-control-allow-origin", value: "https://shop.example" },
        ],
      },
    });
  });

  it.each<[string, Partial<Cors>, Partial<Parameters<typeof checkCors>[1]>, RegExp]>([
    ["from an origin that is not allowed", {}, { origin: "https://evil.example" }, /does not allow the origin https:\/\/evil\.example/],
    ["when CORS is off", { enabled: false }, {}, /CORS is off/],
    ["with a method that is not allowed", {}, { method: "DELETE" }, /method DELETE.*It allows GET, HEAD, POST/],
    ["with a method in small letters that browsers leave as it is", { allowMethods: ["PATCH"] }, { method: "patch" }, /write PATCH/],
    ["with a method that no page can send", {}, { method: "trace" }, /No page can send TRACE/],
    ["with a header that is not allowed", {}, { headers: ["X-Api-Key"] }, /header x-api-key/],
    ["with Authorization where only * is allowed", { allowHeaders: ["*"] }, { headers: ["Authorization"] }, /all but Authorization/],
    ["with credentials that are not allowed", {}, { credentials: true }, /does not allow credentials/],
    ["with credentials from any origin", { allowOrigins: ["*"] }, { credentials: true }, /any origin \(\*\).*credentials/],
    [
      "with credentials and * for its header",
      { allowHeaders: ["*"], allowCredentials: true },
      { credentials: true, headers: ["X-A"] },
      /Name x-a/,
    ],
    ["from an origin with a path", {}, { origin: "https://shop.example/cart" }, /without a path.*https:\/\/shop\.example\.$/],
    ["from no origin at all", {}, { origin: "shop.example" }, /is no origin/],
    ["from a sandboxed frame", {}, { origin: "null" }, /does not allow the origin null/],
  ])("is refused %s, and the reason says so", (_, settings, call, reason) => {
    const verdict = check(settings, call);
    expect(verdict.allowed).toBe(false);
    expect(
      verdict.reasons.some((sentence) => reason.test(sentence)),
      verdict.reasons.join(" "),
    ).toBe(true);
  });

  it.each<[string, Partial<Cors>, Partial<Parameters<typeof checkCors>[1]>]>([
    ["with a method written in small letters that browsers correct", { allowMethods: ["DELETE"] }, { method: "delete" }],
    ["with safelisted headers", { allowHeaders: [] }, { headers: ["Accept", "Accept-Language"] }],
    ["with headers that browsers leave out", { allowHeaders: [] }, { headers: ["Cookie", "Sec-Fetch-Mode", "Host"] }],
    ["with a named header, in any case", { allowHeaders: ["authorization"] }, { headers: ["Authorization"] }],
    ["with any header", { allowHeaders: ["*"] }, { headers: ["X-Api-Key"] }],
    ["from a subdomain that a pattern allows", { allowOrigins: ["https://*.shop.example"] }, { origin: "https://eu.shop.example" }],
    ["from a sandboxed frame where any origin is allowed", { allowOrigins: ["*"] }, { origin: "null" }],
    ["with credentials", { allowCredentials: true }, { credentials: true }],
    ["with an origin that browsers write in another way", {}, { origin: "HTTPS://Shop.Example:443" }],
    ["from the gateway's own origin, whatever the settings are", { enabled: false }, { origin: GATEWAY, method: "DELETE" }],
  ])("passes %s", (_, settings, call) => {
    const verdict = check(settings, call);
    expect(verdict.allowed, verdict.reasons.join(" ")).toBe(true);
  });

  it("is preflighted when its method or its headers need permission, and the answer is the gateway's", () => {
    const settings = { allowMethods: ["PUT" as const], allowHeaders: ["Content-Type"], maxAgeSeconds: 60 };
    expect(check(settings, { method: "PUT", headers: ["Content-Type"] })).toMatchObject({
      allowed: true,
      preflight: { needed: true, status: 204, headers: expect.arrayContaining([{ name: "access-control-max-age", value: "60" }]) },
    });
    expect(check(settings, { method: "GET", headers: ["Authorization"] })).toMatchObject({
      allowed: false,
      preflight: { needed: true, status: 403 },
    });
  });

  it("is never allowed when the gateway refuses its preflight, and has a reason in any case", () => {
    const origins = fc.constantFrom("*", "https://shop.example", "https://*.shop.example");
    const headers = fc.constantFrom("*", "Authorization", "X-A");
    const settings = fc.record({
      enabled: fc.boolean(),
      allowOrigins: fc.uniqueArray(origins),
      allowMethods: fc.uniqueArray(fc.constantFrom("GET" as const, "POST" as const, "PUT" as const)),
      allowHeaders: fc.uniqueArray(headers),
      allowCredentials: fc.boolean(),
    });
    const calls = fc.record({
      origin: fc.constantFrom("https://shop.example", "https://eu.shop.example", "null", "https://evil.example"),
      method: fc.constantFrom("GET", "put", "POST", "patch"),
      headers: fc.uniqueArray(fc.constantFrom("Authorization", "X-A", "Accept", "content-type")),
      credentials: fc.boolean(),
    });
    fc.assert(
      fc.property(settings, calls, (random, call) => {
        const allowOrigins = random.allowCredentials ? random.allowOrigins.filter((origin) => origin !== "*") : random.allowOrigins;
        const verdict = check({ ...random, allowOrigins }, call);
        const { needed, status } = verdict.preflight;
        expect(verdict.reasons.length).toBeGreaterThan(0);
        if (verdict.allowed && needed) expect(status).toBe(204);
        if (needed && status === 403) expect(verdict.allowed).toBe(false);
        // What the gateway lets through and the browser refuses can only be about who may read the answer.
        if (needed && status === 204 && !verdict.allowed) expect(verdict.reasons.join(" ")).toMatch(/credentials|case/);
      }),
      { numRuns: 500 },
    );
  });
});
