import { hash } from "node:crypto";
import type { Dispatcher } from "undici";
import { canonicalJson } from "@/lib/definition/canonical";
import { connect } from "../../upstream/connections";
import { type ClaimSettings, claimRules, verifiedToken } from "../claims";
import type { ResourceContext, TokenCheck, TokenChecker } from "../contract";
import { FairQueue } from "../fair-queue";
import { issuerMismatch } from "../shown";
import { createTokenCache } from "../token-cache";
import { introspect, notAsked } from "./ask";
import { compileRequest, type QuestionForm } from "./request";

/** How long it is remembered that a token is not active. */
const NEGATIVE_TTL_MS = 3000;
/** A flood of unknown tokens must not become a flood of connections: further questions wait for one of these, in turn by client. */
export const MAX_CONNECTIONS = 128;
/** Of one client, however slowly its questions are answered. */
export const MAX_CONNECTIONS_OF_CLIENT = MAX_CONNECTIONS / 2;

/** Resources that ask over the same connections wait in the same row. */
const queues = new WeakMap<Dispatcher, FairQueue>();

function queueOf(connections: Dispatcher): FairQueue {
  const queue = queues.get(connections) ?? new FairQueue({ slots: MAX_CONNECTIONS, perClient: MAX_CONNECTIONS_OF_CLIENT });
  queues.set(connections, queue);
  return queue;
}

/** What a resource that introspects comes down to. */
export interface IntrospectionRules extends ClaimSettings {
  question: QuestionForm;
  issuer?: string | undefined;
  cacheTtlSeconds: number;
  timeoutMs: number;
  caCertificates?: string | undefined;
}

/** Everything on which the answers depend, as a hash: the type, the whole configuration and the version of the secret. */
export function introspectionIdentity(type: string, config: unknown, context: ResourceContext): string {
  return hash("sha256", canonicalJson({ type, config, secret: context.secret("clientSecret")?.version ?? null }), "base64");
}

/**
 * Compiles a checker that asks an introspection endpoint about tokens it does not know.
 * @throws Error when the secret is missing.
 */
export function compileIntrospection(rules: IntrospectionRules, context: ResourceContext): TokenChecker {
  const secret = context.secret("clientSecret");
  if (!secret) throw new Error("The client secret of an authorization server is missing.");
  const { question, issuer, cacheTtlSeconds, timeoutMs } = rules;
  const { now } = context.ports;
  const reading = claimRules({ ...rules, keepsClaims: context.keepsClaims });
  const requestFor = compileRequest(question, secret.value);
  const cache = createTokenCache({ positiveTtlMs: cacheTtlSeconds * 1000, negativeTtlMs: NEGATIVE_TTL_MS, now });
  const connections = connect(context.connections, new URL(question.endpoint).origin, timeoutMs, {
    connections: MAX_CONNECTIONS,
    ca: rules.caCertificates,
  });

  const judge = (claims: Readonly<Record<string, unknown>>): TokenCheck => {
    // RFC 7662, section 2.2: active is a boolean. Anything else is not a yes.
    if (claims.active !== true) return { outcome: "inactive", reason: "The authorization server says that the token is not active." };
    if (issuer !== undefined && claims.iss !== undefined && claims.iss !== issuer)
      return { outcome: "inactive", reason: issuerMismatch("The introspection response", claims.iss, issuer) };
    const verified = verifiedToken(claims, reading, now());
    return typeof verified === "string" ? { outcome: "inactive", reason: verified } : { outcome: "active", token: verified };
  };

  const queue = queueOf(connections.value);
  const ask = async (token: string, client: string): Promise<TokenCheck> => {
    // The time in the row counts.
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await queue.run(client, () => introspect(connections.value, requestFor(token), signal), signal).catch(notAsked);
    return answer.kind === "claims" ? judge(answer.claims) : { outcome: answer.kind, reason: answer.reason };
  };

  // Where the server is asked may be an internal address, so only an issuer that was written down is told to callers.
  const issuers = issuer === undefined ? [] : [issuer];
  return {
    check: (token, client) => cache.check(token, (name) => ask(token, name), client),
    issuers: async () => issuers,
    release: connections.release,
  };
}
