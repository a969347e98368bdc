import { hkdfSync } from "node:crypto";
import type Provider from "oidc-provider";
import type { Client, Configuration, errors, KoaContextWithOIDC } from "oidc-provider";
import { environment } from "@/lib/platform/env";
import { checkAssertion, expectedAudiences } from "./assertion";
import { noteFacts, sendFacts } from "./audit-facts";
import { checkClientSecret } from "./client-authentication";
import { publicUrlOf } from "./endpoints";
import { completeOpaque, introspectJwt, isActive } from "./introspection";
import { AlreadyUsed } from "./record-adapter";
import { revokeJwt, revokeOpaque } from "./revocation";
import type { ServerRecord } from "./server-records";
import { ASSERTION_ALGORITHMS, DPOP_ALGORITHMS } from "./signature-algorithms";
import { tokenIdOf } from "./token-id";

/** The secret of DPoP nonces, derived per server: all processes accept the same nonces, and no server accepts another's. */
function nonceSecret(serverId: string): Buffer {
  const { secretKey } = environment();
  if (!secretKey) throw new Error("GATEWRIGHT_SECRET_KEY is not set. DPoP nonces require it.");
  return Buffer.from(hkdfSync("sha256", Buffer.from(secretKey, "base64"), "", `gatewright dpop nonce ${serverId}`, 32));
}

const noFetch = () => Promise.reject(new Error("oidc-provider must not fetch client keys: jwks-fetch applies the outbound rules."));

/** oidc-provider's configuration of client authentication, revocation, introspection and DPoP. */
export function protocolConfiguration(server: ServerRecord) {
  return {
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
    enabledJWA: { clientAuthSigningAlgValues: ASSERTION_ALGORITHMS, dPoPSigningAlgValues: DPOP_ALGORITHMS },
    assertJwtClientAuthClaimsAndHeader: (ctx, claims, header, client) => checkAssertion(ctx, claims, header, client),
    fetch: noFetch,
    features: {
      introspection: { enabled: true, allowedPolicy: (ctx, _client, token) => isActive(ctx, server, token) },
      revocation: {
        enabled: true,
        allowedPolicy: (ctx, client, token) => {
          noteFacts(ctx, { tokenId: tokenIdOf(token.jti) });
          return revokeOpaque(server, client, token);
        },
      },
      dPoP: { enabled: true, nonceSecret: nonceSecret(server.id), requireNonce: () => true },
    },
  } satisfies Configuration;
}

type Body = Record<string, unknown>;
const isObject = (body: unknown): body is Body => typeof body === "object" && body !== null && !Buffer.isBuffer(body);

const PROOF_USED = {
  error: "invalid_dpop_proof",
  error_description: "The DPoP proof was already used. Create a new proof for each request.",
};
const PROOF_MISSING = {
  error: "invalid_dpop_proof",
  error_description: "The application requires DPoP. Send a DPoP proof (RFC 9449).",
};

/** Corrects error codes: oidc-provider returns `invalid_grant` for DPoP errors, RFC 9449, 5 requires `invalid_dpop_proof`. */
function completeToken(ctx: KoaContextWithOIDC, body: Body): void {
  if (body.error === "invalid_grant") ctx.body = ctx.get("dpop") ? PROOF_USED : PROOF_MISSING;
  if (body.error_description === "requested grant type is not allowed for this client")
    ctx.body = { error: "unauthorized_client", error_description: "The application isn't allowed to use this grant type." };
}

/** Handles JWTs, which oidc-provider rejects after client authentication because it doesn't store them. */
async function completeJwt(ctx: KoaContextWithOIDC, server: ServerRecord, client: Client, token: string): Promise<void> {
  if (ctx.oidc.route === "introspection") {
    ctx.body = await introspectJwt(ctx, server, token);
    ctx.status = 200;
    return;
  }
  const { status, body, tokenId } = await revokeJwt(server, client, token);
  noteFacts(ctx, { tokenId });
  ctx.body = body;
  ctx.status = status;
}

/** Requests whose assertion or DPoP proof a concurrent request used first. */
const replayed = new WeakSet<KoaContextWithOIDC>();

/** Rejects a concurrent replay with the error of any other replay. */
function rejectReplay(ctx: KoaContextWithOIDC): void {
  const isAssertion = ctx.oidc.params?.client_assertion !== undefined;
  ctx.status = isAssertion ? 401 : 400;
  ctx.body = isAssertion ? { error: "invalid_client" } : PROOF_USED;
}

async function complete(ctx: KoaContextWithOIDC, server: ServerRecord): Promise<void> {
  if (replayed.has(ctx)) return rejectReplay(ctx);
  const { body } = ctx;
  if (!ctx.oidc || !isObject(body)) return;
  const { route, client, params } = ctx.oidc;
  if (route === "token") return completeToken(ctx, body);
  const token = params?.token;
  if (!client || typeof token !== "string") return;
  if (body.error === "unsupported_token_type") await completeJwt(ctx, server, client, token);
  else if (route === "introspection") ctx.body = completeOpaque(body, token);
}

/** Adds the reason to the log, because the client doesn't get it. */
function noteFailure(ctx: KoaContextWithOIDC, error: errors.OIDCProviderError): void {
  noteFacts(ctx, { reason: error.error_detail ?? error.error_description });
}

/** Applies the protocol behavior that `protocolConfiguration` can't express. */
export function completeProtocol(provider: Provider, server: ServerRecord): void {
  provider.Client.prototype.compareClientSecret = function compareClientSecret(this: Client, given: string) {
    return checkClientSecret(this, given);
  };
  // The public URLs, for the `htu` of proofs: the inner request has another URL.
  provider.OIDCContext.prototype.urlFor = function urlFor(this: { ctx: KoaContextWithOIDC }, name: string) {
    return publicUrlOf(this.ctx, server.id, name);
  };
  provider.OIDCContext.prototype.clientJwtAuthExpectedAudience = () => expectedAudiences(server.id);
  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    await next();
    await complete(ctx, server);
    sendFacts(ctx, server);
  });
  provider.on("server_error", (ctx, error) => {
    if (error instanceof AlreadyUsed) replayed.add(ctx);
  });
  const noted = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => {
    if (error.statusCode === 401) noteFailure(ctx, error);
  };
  provider.on("grant.error", noted).on("introspection.error", noted).on("revocation.error", noted);
}
