import { hash } from "node:crypto";
import type { Dispatcher } from "undici";
import { canonicalJson } from "@/lib/definition/canonical";
import type { Lease } from "../upstream/leases";
import { basicAuthorizer } from "./basic";
import type { EndpointAuthorizer } from "./contract";
import { digestAuthorizer } from "./digest-authorizer";
import { oauth2Authorizer } from "./oauth2";
import type { EndpointSecurity, OAuth2Security } from "./schema";
import { sinceLastDrop } from "./since-last-clear";
import { compileTokenForm, type SecretOf } from "./token-form";
import type { TokenKeeper } from "./token-keeper";
import { requestToken } from "./token-request";

/** Dependencies of compiled endpoint security. */
export interface EndpointSecurityContext {
  /** Prefix of the tokens' cache keys, for example `<api id>:production:`. Tokens can be viewed and cleared by prefix. */
  owner: string;
  /** The endpoint's own URL: a token made for one backend is never sent to another. */
  endpointUrl: string;
  /** Maximum time that a request waits for a token, in milliseconds. */
  waitMs: number;
  /** Maximum number of the endpoint's requests that wait for a token. Default: 2,000. */
  maxWaiting?: number;
  secret: SecretOf;
  keeper: TokenKeeper;
  /** Number of times the endpoint's tokens were cleared, on all gateways. Tokens of earlier epochs are never used. */
  epoch?(): number;
  /** Opens connections to the token endpoint's origin. TLS is verified against the custom CA (PEM), or the public CAs without one. */
  connect(origin: string, timeoutMs: number, ca: string | undefined): Lease<Dispatcher>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Hashes all inputs of a token request, so a changed input never uses an older token. */
function tokenKey(security: OAuth2Security, { owner, endpointUrl, secret }: EndpointSecurityContext): string {
  const { tokenUrl, grantType, clientId, clientAuthentication, basicEncoding, username, scope } = security;
  const isPassword = grantType === "password";
  const made = {
    endpointUrl,
    tokenUrl,
    grantType,
    clientId,
    clientAuthentication,
    basicEncoding,
    scope,
    clientSecret: secret("clientSecret")?.version ?? null,
    username: isPassword ? username : null,
    password: isPassword ? (secret("password")?.version ?? null) : null,
    parameters: security.parameters.map(({ name, value, secret: isSecret }) => ({
      name,
      value: isSecret ? null : (value ?? ""),
      version: isSecret ? (secret(`parameters/${name}`)?.version ?? null) : null,
    })),
  };
  return owner + hash("sha256", canonicalJson(made), "base64url");
}

function compileOAuth2(security: OAuth2Security, context: EndpointSecurityContext): EndpointAuthorizer {
  const form = compileTokenForm(security, context.secret);
  const { timeoutMs, useRefreshToken } = security;
  // Destructured: a closure over the context would retain the secrets of the whole API.
  const { keeper, now, waitMs, maxWaiting } = context;
  const lease = context.connect(form.origin, timeoutMs, security.caCertificates);
  const key = tokenKey(security, context);
  const authorizer = sinceLastDrop(context.epoch ?? (() => 0), (epoch) =>
    oauth2Authorizer(
      keeper.take(
        {
          key: epoch === 0 ? key : `${key}.${epoch}`,
          skewMs: security.skewSeconds * 1000,
          timeoutMs,
          useRefreshToken,
          request: (refreshToken, signal) => requestToken(lease.value, { form, refreshToken, timeoutMs, signal, now }),
        },
        { waitMs, maxWaiting },
      ),
    ),
  );
  return {
    ...authorizer,
    release() {
      // Abort the token request before closing its connection.
      authorizer.release();
      lease.release();
    },
  };
}

/** Returns a required secret. */
function needed(secret: SecretOf, slot: string): string {
  const found = secret(slot)?.value;
  if (!found) throw new Error("Endpoint security password missing.");
  return found;
}

/**
 * Compiles the gateway's authentication at a backend; null for the type `none`.
 * @throws Error when a secret is missing, holding no resources.
 */
export function compileEndpointSecurity(security: EndpointSecurity, context: EndpointSecurityContext): EndpointAuthorizer | null {
  switch (security.type) {
    case "none":
      return null;
    case "basic":
      return basicAuthorizer(security.username, needed(context.secret, "password"));
    case "digest":
      return digestAuthorizer(security.username, needed(context.secret, "password"));
    case "oauth2":
      return compileOAuth2(security, context);
  }
}
