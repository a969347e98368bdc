import type { Dispatcher } from "undici";
import type { Lease } from "../upstream/leases";
import { EndpointSecurityFailure, type EndpointSecurityFailureKind } from "./failure";
import type { OAuth2Security } from "./schema";
import { compileTokenForm, type SecretOf } from "./token-form";
import { requestToken } from "./token-request";

/** Result of one token request, without the token. */
export interface ConnectionTest {
  outcome: "token" | EndpointSecurityFailureKind;
  /** Message for the console. It can name hosts, never a secret. */
  message: string;
  /** Status of the token endpoint's response; null without a response. */
  status: number | null;
  tokenType: "Bearer" | null;
  /** How long the gateway would cache the token; 0 if not at all. */
  lifetimeSeconds: number | null;
  scope: string | null;
  hasRefreshToken: boolean;
  durationMs: number;
}

/** Dependencies of the test. */
export interface ConnectionTestContext {
  secret: SecretOf;
  /** Opens connections as requests do: TLS is verified, against the custom CA (PEM) if there is one. */
  connect(origin: string, timeoutMs: number, ca: string | undefined): Lease<Dispatcher>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Requests one token with the configured grant and discards it.
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
