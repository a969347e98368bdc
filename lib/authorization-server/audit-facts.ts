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
  /** Of an introspected token. */
  active: z.boolean().optional(),
  /** Why the client isn't authenticated; for the log, never for the client. */
  reason: z.string().optional(),
});
/** What the log says of an answer of oidc-provider's. No token and no secret is in it. */
export type AuditFacts = z.output<typeof factsSchema>;

const noted = new WeakMap<KoaContextWithOIDC, AuditFacts>();

/** Adds to what the log says of a request. */
export function noteFacts(ctx: KoaContextWithOIDC, facts: AuditFacts): void {
  noted.set(ctx, { ...noted.get(ctx), ...facts });
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

/** Hands what the log says of a request out with its answer. */
export function sendFacts(ctx: KoaContextWithOIDC, server: ServerRecord): void {
  const isDone = ctx.status === 200;
  if (isDone && ctx.oidc?.route === "token") noteFacts(ctx, issuedFacts(ctx, server));
  if (isDone && ctx.oidc?.route === "introspection") noteFacts(ctx, introspectedFacts(ctx));
  ctx.set(FACTS_HEADER, Buffer.from(JSON.stringify(noted.get(ctx) ?? {})).toString("base64url"));
}

/** Reads what `sendFacts` wrote. */
export function readFacts(header: unknown): AuditFacts {
  return typeof header === "string" ? factsSchema.parse(JSON.parse(Buffer.from(header, "base64url").toString("utf8"))) : {};
}
