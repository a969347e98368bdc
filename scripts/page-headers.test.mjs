import { expect, it } from "vitest";
import config from "../next.config.mjs";

/** The headers that the configuration gives a path, as Next matches its one pattern. */
async function headersOf(path) {
  const entries = await config.headers();
  const matching = entries.filter(({ source }) => new RegExp(`^${source.replace("/:path(", "/(")}$`).test(path));
  return Object.fromEntries(matching.flatMap(({ headers }) => headers.map(({ key, value }) => [key, value])));
}

it.each(["/", "/sign-in", "/apis", "/apis/api_1/studio", "/api/v1/apis", "/api/auth/session", "/gateways", "/samplesx"])(
  "%s runs no third-party code and can't be framed",
  async (path) => {
    const headers = await headersOf(path);
    const policy = headers["Content-Security-Policy"] ?? "";
    for (const directive of ["default-src 'self'", "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'"])
      expect(policy.split("; ")).toContain(directive);
    expect(headers).toMatchObject({ "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin" });
  },
);

it.each(["/gateway/orders", "/gateway", "/samples/echo", "/embedded-gateway"])("%s has the headers of its backend", async (path) => {
  expect(await headersOf(path)).toEqual({});
});
