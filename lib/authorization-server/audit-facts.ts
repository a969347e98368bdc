import type { KoaContextWithOIDC } from "oidc-provider";
import { z } from "zod";
import { FACTS_HEADER } from "./endpoints";
import type { ServerRecord } from "./server-records";
import { tokenIdOf } from "./token-id";

const factsSchema = z.object({
  /** The `jti` of a JWT, the SHA-256 (base64url) of an opaque token. */
  tokenId: z.string().optional(),
  scope: z.string().optional(),
  audience: z.union([z.string(), z.array(z.string())]).optional(),
  /** Seconds. */
  expiresIn: z.number().optional(),
  /** Introspection result. */
  active: z.boolean().optional(),
  /** Why authentication failed. Logged, never returned to the client. */
  reason: z.string().optional(),
});
/** Log fields of a response of oidc-provider. They contain no token and no secret. */
export type AuditFacts = z.output<typeof factsSchema>;

const factsByRequest = new WeakMap<KoaContextWithOIDC, AuditFacts>();

/** Adds log fields to a request. */
export function noteFacts(ctx: KoaContextWithOIDC, facts: AuditFacts): void {
  factsByRequest.set(ctx, { ...factsByRequest.get(ctx), ...facts });
}

function issuedFacts(ctx: KoaContextWithOIDC, server: ServerRecord): AuditFacts {
  const token = ctx.oidc.entities.ClientCredentials;
  if (!token) return {};
  const { jti, scope, aud: audience, expiration: expiresIn } = token;
  return { tokenId: server.tokenFormat === "opaque" ? tokenIdOf(jti) : jti, scope, audience, expiresIn };
}

function introspectedFacts({ body }: KoaContextWithOIDC): AuditFacts {
  if (typeof body !== "object" || body === null || !("active" in body)) return {};
  return { active: body.active === true, ...("jti" in body && typeof body.jti === "string" ? { tokenId: body.jti } : {}) };
}

/** Adds a request's log fields to its response, as an internal header. */
export function sendFacts(ctx: KoaContextWithOIDC, server: ServerRecord): void {
  const isDone = ctx.status === 200;
  if (isDone && ctx.oidc?.route === "token") noteFacts(ctx, issuedFacts(ctx, server));
  if (isDone && ctx.oidc?.route === "introspection") noteFacts(ctx, introspectedFacts(ctx));
  ctx.set(FACTS_HEADER, Buffer.from(JSON.stringify(factsByRequest.get(ctx) ?? {})).toString("base64url"));
}

/** Parses the header that `sendFacts` sets. */
export function readFacts(header: unknown): AuditFacts {
  return typeof header === "string" ? factsSchema.parse(JSON.parse(Buffer.from(header, "base64url").toString("utf8"))) : {};
}
