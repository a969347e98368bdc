import { decodeJwt, decodeProtectedHeader } from "jose";
import { type AdapterPayload, type ClientCredentials, errors } from "oidc-provider";
import { z } from "zod";
import { claimsOfRecord } from "@/lib/platform/opaque-tokens";
import { type ApplicationRecord, findApplication } from "./clients";
import { DEFAULT_RESOURCE, decideGrant, resourceServerOf } from "./grant";
import { NO_APPLICATION } from "./issue-token";
import { providerOf } from "./provider";
import type { Considered, DenialCode, Granted, Named } from "./rules/decide";
import type { Json } from "./rules/model";
import { findServerNow, type ServerRecord } from "./server-records";
import { issuerOf } from "./servers";
import { extraClaims } from "./token-claims";
import { tokenIdOf } from "./token-id";

export interface PreviewOrder {
  serverId: string;
  clientId: string;
  scopes: readonly string[];
  /** One or several resource parameters (RFC 8707). Absent or empty: the server's audience. */
  resource?: string | readonly string[] | undefined;
}

/** The origin of a claim. `id` is the rule's for `rule`, the server claim's for `claim`. */
export interface ClaimSource {
  claim: string;
  source: "standard" | "application" | "rule" | "okta" | "claim";
  id: string | null;
}

export interface PreviewedToken {
  issued: true;
  format: "jwt" | "opaque";
  tokenType: string;
  /** Null for an opaque token. */
  header: Record<string, Json> | null;
  /** The payload of a JWT, or the introspection response of an opaque token. */
  claims: Record<string, Json>;
  lifetimeSeconds: number;
  scopes: string[];
  policy: Named;
  rule: Named;
  sources: ClaimSource[];
  considered: Considered[];
}

export interface PreviewedDenial {
  issued: false;
  error: DenialCode;
  description: string;
  deniedScopes: string[];
  policy: Named | null;
  rule: Named | null;
  considered: Considered[];
}

export type TokenPreview = PreviewedToken | PreviewedDenial;

/** Placeholder of `cnf.jkt` in the preview of a DPoP-bound token (RFC 9449, 6.1). */
export const DPOP_KEY = "(thumbprint of the application's DPoP key)";

const jsonObject = z.record(z.string(), z.json());

const denied = (error: DenialCode, description: string, rest: Partial<PreviewedDenial> = {}): PreviewedDenial => ({
  issued: false,
  error,
  description,
  deniedScopes: [],
  policy: null,
  rule: null,
  considered: [],
  ...rest,
});

/** Creates and signs the token without storing it. */
async function make(token: ClientCredentials): Promise<{ value: string; stored: AdapterPayload | null }> {
  let stored: AdapterPayload | null = null;
  const upsert = async (_id: string, payload: AdapterPayload) => {
    stored = payload;
  };
  Object.defineProperty(token, "adapter", { value: { upsert } });
  const value = await token.save();
  return { value, stored };
}

async function contents(server: ServerRecord, token: ClientCredentials): Promise<Pick<PreviewedToken, "header" | "claims">> {
  const { value, stored } = await make(token);
  if (server.tokenFormat === "jwt")
    return { header: jsonObject.parse(decodeProtectedHeader(value)), claims: jsonObject.parse(decodeJwt(value)) };
  const claims = { ...claimsOfRecord(stored), iss: issuerOf(server.id), jti: tokenIdOf(value) };
  return { header: null, claims: jsonObject.parse(JSON.parse(JSON.stringify(claims))) };
}

const BY_APPLICATION = new Set(["sub", "client_id", "cnf"]);
const BY_RULE = new Set(["scope", "exp"]);

function sourcesOf(claims: Record<string, Json>, server: ServerRecord, application: ApplicationRecord, granted: Granted): ClaimSource[] {
  const extra = new Map(extraClaims(server, application, granted.scopes).map((claim) => [claim.name, claim]));
  return Object.keys(claims).map((claim) => {
    const own = extra.get(claim);
    if (own) return { claim, source: own.source, id: own.id };
    if (BY_RULE.has(claim)) return { claim, source: "rule", id: granted.rule.id };
    return { claim, source: BY_APPLICATION.has(claim) ? "application" : "standard", id: null };
  });
}

/**
 * Previews the token of a request, or why it's denied. It runs the issuing code (decision, claims, signing key) and discards the
 * token.
 */
export async function previewToken({ serverId, clientId, scopes, resource = [] }: PreviewOrder): Promise<TokenPreview> {
  const [server, application] = await Promise.all([findServerNow(serverId), findApplication(clientId)]);
  const provider = server && providerOf(server);
  const client = await provider?.Client.find(clientId);
  if (!provider || !client || !application) return denied("unauthorized_client", NO_APPLICATION);
  const resources = [resource].flat().filter((text) => text !== "");
  const decision = await decideGrant(server, application, { scopes: [...new Set(scopes)], resources });
  if (!decision.granted) {
    const { error, description, deniedScopes, policy, rule, considered } = decision;
    return denied(error, description, { deniedScopes: [...deniedScopes], policy, rule, considered });
  }
  const { policy, rule, considered, lifetimeSeconds } = decision;
  const token = new provider.ClientCredentials({
    client,
    scope: decision.scopes.join(" ") || undefined,
    resourceServer: new provider.ResourceServer(DEFAULT_RESOURCE, resourceServerOf(server, decision)),
    ...(application.dpopBound ? { jkt: DPOP_KEY } : {}),
  });
  try {
    const made = await contents(server, token);
    const sources = sourcesOf(made.claims, server, application, decision);
    const { tokenType } = token;
    const format = server.tokenFormat;
    return { issued: true, format, tokenType, ...made, lifetimeSeconds, scopes: [...decision.scopes], policy, rule, sources, considered };
  } catch (error) {
    if (!(error instanceof errors.CustomOIDCProviderError)) throw error;
    return denied("server_error", error.error_description ?? "The token couldn't be issued.", { policy, rule, considered });
  }
}
