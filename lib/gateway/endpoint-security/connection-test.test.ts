import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testTokenRequest } from "./connection-test";
import { endpointSecuritySchema } from "./schema";
import { TestGateway } from "./testing/fixtures";
import { json, startTokenServer, type TokenServer } from "./testing/token-server";

let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
afterAll(() => server.close());

async function test(overrides: object = {}) {
  const gateway = new TestGateway();
  const security = endpointSecuritySchema.parse({ type: "oauth2", tokenUrl: server.tokenUrl, clientId: "gateway", ...overrides });
  if (security.type !== "oauth2") throw new Error("This is OAuth2.");
  const result = await testTokenRequest(security, gateway.context({ clientSecret: "s3cret" }));
  // It leaves nothing behind.
  expect(gateway.connections.size).toBe(0);
  expect(gateway.keeper.view()).toEqual([]);
  return result;
}

describe("testing the connection to a token endpoint", () => {
  it("says status, type, lifetime, scope and latency of one token, and never the token", async () => {
    server.answer = (_, out) => json(out, { access_token: "t0ken", refresh_token: "r3fresh", expires_in: "90", scope: "orders" });
    const result = await test();
    expect(result).toMatchObject({
      outcome: "token",
      status: 200,
      tokenType: "Bearer",
      lifetimeSeconds: 90,
      scope: "orders",
      hasRefreshToken: true,
    });
    expect(result.durationMs).toBeGreaterThan(0);
    expect(JSON.stringify(result)).not.toMatch(/t0ken|r3fresh|s3cret/);
    expect(server.seen).toHaveLength(1);
  });

  it("says why there is none, with the status where there is one", async () => {
    server.answer = (_, out) => json(out, { error: "invalid_client", error_description: "s3cret is wrong" }, 401);
    const refused = await test();
    expect(refused).toMatchObject({ outcome: "refused", status: 401, tokenType: null, lifetimeSeconds: null });
    expect(refused.message).toContain("invalid_client: [secret] is wrong");
    server.answer = (_, out) => void out.end("<html>");
    expect(await test()).toMatchObject({ outcome: "notAToken", status: 200 });
    server.answer = () => undefined;
    expect(await test({ timeoutMs: 100 })).toMatchObject({ outcome: "timeout", status: null });
  });
});
