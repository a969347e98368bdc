import type { Dispatcher } from "undici";
import type { Lease } from "../upstream/leases";
import { EndpointSecurityFailure, type EndpointSecurityFailureKind } from "./failure";
import type { OAuth2Security } from "./schema";
import { compileTokenForm, type SecretOf } from "./token-form";
import { requestToken } from "./token-request";

/** What came of asking for a token once. It never holds the token. */
export interface ConnectionTest {
  outcome: "token" | EndpointSecurityFailureKind;
  /** In words, for the person who asked: it may name hosts, never a secret. */
  message: string;
  /** What the token endpoint answered; null when it did not. */
  status: number | null;
  tokenType: "Bearer" | null;
  /** How long the gateway would keep it; 0 when it would not. */
  lifetimeSeconds: number | null;
  scope: string | null;
  hasRefreshToken: boolean;
  durationMs: number;
}

/** What the test may use. */
export interface ConnectionTestContext {
  secret: SecretOf;
  /** As for calls: TLS is verified, by the given certificates (PEM) if there are any. */
  connect(origin: string, timeoutMs: number, ca: string | undefined): Lease<Dispatcher>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Asks for a token once, with the grant as it is configured, and forgets it: no keeper sees it.
 * @throws Error when a secret is missing.
 */
export async function testTokenRequest(security: OAuth2Security, { secret, connect, now }: ConnectionTestContext): Promise<ConnectionTest> {
  const form = compileTokenForm(security, secret);
  const { timeoutMs } = security;
  const lease = connect(form.origin, timeoutMs, security.caCertificates);
  const startedAt = performance.now();
  const nothing = { tokenType: null, lifetimeSeconds: null, scope: null, hasRefreshToken: false };
  try {
    const { status, lifetimeMs, scope, refreshToken } = await requestToken(lease.value, { form, refreshToken: null, timeoutMs, now });
    return {
      outcome: "token",
      message: `The token endpoint ${form.label} gave a token.`,
      status,
      tokenType: "Bearer",
      lifetimeSeconds: Math.floor(lifetimeMs / 1000),
      scope,
      hasRefreshToken: refreshToken !== null,
      durationMs: performance.now() - startedAt,
    };
  } catch (error) {
    if (!(error instanceof EndpointSecurityFailure)) throw error;
    const { kind, message, status = null } = error;
    return { outcome: kind, message, status, ...nothing, durationMs: performance.now() - startedAt };
  } finally {
    lease.release();
  }
}
