import { describe, expect, it } from "vitest";
import { metricsAccess } from "./metrics-access";

const METRICS = "metrics-token-0123456789";
const ADMIN = "admin-token-0123456789";

describe("access to the metrics", () => {
  const refusal = metricsAccess([METRICS, ADMIN]);

  it.each([`Bearer ${METRICS}`, `bearer  ${METRICS}`, `Bearer ${ADMIN}`])("is given to %s", (authorization) => {
    expect(refusal(authorization)).toBeNull();
  });

  it.each([null, undefined, "", "Bearer", "Bearer ", METRICS, `Basic ${METRICS}`, `Bearer ${METRICS} x`])(
    "asks whoever sends no bearer token for one: %s",
    (authorization) => {
      expect(refusal(authorization)).toMatchObject({ status: 401, headers: { "www-authenticate": 'Bearer realm="metrics"' } });
    },
  );

  it.each([`${METRICS}x`, METRICS.slice(1), METRICS.toUpperCase(), "undefined"])("rejects the token %s", (token) => {
    const refused = refusal(`Bearer ${token}`);
    expect(refused?.headers["www-authenticate"]).toBe('Bearer realm="metrics", error="invalid_token"');
    expect(JSON.stringify(refused)).not.toContain(token);
  });

  it("is denied while no token is set, and names the variable", () => {
    const closed = metricsAccess([undefined]);
    for (const authorization of [null, "Bearer undefined", `Bearer ${METRICS}`])
      expect(closed(authorization)?.body.message).toContain("GATEWRIGHT_METRICS_TOKEN");
  });
});
