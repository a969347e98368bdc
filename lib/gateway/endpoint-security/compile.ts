import { hash } from "node:crypto";
import type { Dispatcher } from "undici";
import { canonicalJson } from "@/lib/definition/canonical";
import type { Lease } from "../upstream/leases";
import { basicAuthorizer } from "./basic";
import type { EndpointAuthorizer } from "./contract";
import { digestAuthorizer } from "./digest-authorizer";
import { oauth2Authorizer } from "./oauth2";
import type { EndpointSecurity, OAuth2Security } from "./schema";
import { sinceLastDrop } from "./since-last-drop";
import { compileTokenForm, type SecretOf } from "./token-form";
import type { TokenKeeper } from "./token-keeper";
import { requestToken } from "./token-request";

/** What compiling endpoint security may use. */
export interface EndpointSecurityContext {
  /** Whose tokens these are, for example `<api id>:production:`. What begins alike can be viewed and dropped together. */
  owner: string;
  /** The endpoint's own URL: a token made for one backend is never sent to another. */
  endpointUrl: string;
  /** How long a call waits for a token, in milliseconds. */
  waitMs: number;
  /** How many calls of the endpoint wait for a token at most; without it, 2000. */
  maxWaiting?: number;
  secret: SecretOf;
  keeper: TokenKeeper;
  /** How often the tokens of this endpoint were dropped by hand, everywhere: none from before is used again. */
  epoch?(): number;
  /** Connections to the token endpoint's origin: TLS is verified, by the given certificates (PEM) instead of the public authorities' if there are any. */
  connect(origin: string, timeoutMs: number, ca: string | undefined): Lease<Dispatcher>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Everything that makes a token, in a hash: change any of it, and no older token is used. */
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
  // Taken apart, so that the secrets of the whole API are not kept by what is kept here.
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
      // The token's request first, so that it does not lose the connection below it.
      authorizer.release();
      lease.release();
    },
  };
}

/** A secret that has to be there. */
function needed(secret: SecretOf, slot: string): string {
  const found = secret(slot)?.value;
  if (!found) throw new Error("The password of the endpoint security is missing.");
  return found;
}

/**
 * Compiles how the gateway authenticates at a backend; null when it does not.
 * @throws Error when a secret is missing; nothing is held then.
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
