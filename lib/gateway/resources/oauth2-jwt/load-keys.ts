import type { JWK } from "jose";
import { urlProblem } from "@/lib/definition/field-rules";
import { UnreadableBody } from "@/lib/http-client/content-coding";
import { jsonObject } from "@/lib/http-client/json";
import { sendRequest } from "@/lib/http-client/send-request";
import { usableKeys } from "@/lib/http-client/usable-keys";
import { type Connections, connect } from "../../upstream/connections";
import { MAX_RESPONSE_BYTES } from "../limits";
import { issuerMismatch } from "../shown";
import type { JwtConfig } from "./schema";

/** Why there are no keys: the server was away, or answered with something else. Reasons may name hosts. */
export interface KeysFailure {
  kind: "unavailable" | "invalidResponse";
  reason: string;
}

/** The keys of a server that can verify signatures, or why there are none. */
export type LoadedKeys = { kind: "keys"; keys: JWK[] } | KeysFailure;

type JsonAnswer = { kind: "object"; value: Readonly<Record<string, unknown>> } | (KeysFailure & { status?: number });

/** A token without a key id is tried with each key that fits, so their number is bounded. */
const MAX_KEYS = 100;

/** Gets a JSON object. A redirect is an answer like any other status: what is trusted stands at this URL or nowhere. */
async function getObject(connections: Connections, config: JwtConfig, address: string, signal: AbortSignal): Promise<JsonAnswer> {
  const url = new URL(address);
  const lease = connect(connections, url.origin, config.timeoutMs, { ca: config.caCertificates });
  try {
    const { status, text } = await sendRequest(lease.value, {
      method: "GET",
      path: url.pathname + url.search,
      headers: ["accept", "application/json, application/jwk-set+json"],
      signal,
      maxBytes: MAX_RESPONSE_BYTES,
    });
    if (status !== 200) return { kind: "unavailable", reason: `${address} answered with the status ${status}.`, status };
    if (text === null) return { kind: "invalidResponse", reason: `${address} answered with more than ${MAX_RESPONSE_BYTES} bytes.` };
    const value = jsonObject(text);
    if (value !== null) return { kind: "object", value };
    return { kind: "invalidResponse", reason: `${address} answered with something that is not a JSON object.` };
  } catch (error) {
    if (error instanceof UnreadableBody) return { kind: "invalidResponse", reason: `${address} answered with ${error.message}.` };
    return { kind: "unavailable", reason: `${address} could not be read: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    lease.release();
  }
}

/**
 * Where an issuer's metadata may stand: as OpenID Connect Discovery 1.0, section 4.1 appends it, as RFC 8414,
 * section 3.1 inserts it, and appended in the manner of servers that have not moved it.
 */
export function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  return [
    ...new Set([
      `${origin}${path}/.well-known/openid-configuration`,
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}${path}/.well-known/oauth-authorization-server`,
    ]),
  ];
}

/** Takes the key set's URL from metadata, or says what is wrong. The issuer is identical, or it is another's metadata (RFC 8414, section 3.3). */
function keySetUrl(metadata: Readonly<Record<string, unknown>>, issuer: string): { url: string } | string {
  if (metadata.issuer !== issuer) return issuerMismatch("the metadata", metadata.issuer, issuer);
  const url = metadata.jwks_uri;
  if (typeof url !== "string" || urlProblem(url) !== undefined) return "The metadata names no usable jwks_uri.";
  if (issuer.startsWith("https:") && !url.startsWith("https:")) return "The jwks_uri is not protected by TLS, as the issuer is.";
  return { url };
}

/** Compiles how a server's keys are fetched: from the configured URL, or from the one that its metadata names. It never rejects. */
export function createKeysLoader(config: JwtConfig, connections: Connections): () => Promise<LoadedKeys> {
  let discovered: string | undefined;

  const discover = async (signal: AbortSignal): Promise<{ url: string } | KeysFailure> => {
    let failure: KeysFailure = { kind: "unavailable", reason: `${config.issuer} has no metadata.` };
    for (const address of metadataUrls(config.issuer)) {
      const answer = await getObject(connections, config, address, signal);
      if (answer.kind === "object") {
        const found = keySetUrl(answer.value, config.issuer);
        if (typeof found !== "string") return found;
        failure = { kind: "invalidResponse", reason: `${address}: ${found}` };
      } else {
        // What is wrong with metadata that is there says more than that another document is not.
        if (failure.kind === "unavailable") failure = { kind: answer.kind, reason: answer.reason };
        if (answer.kind === "unavailable" && answer.status === undefined) return failure;
      }
    }
    return failure;
  };

  const locate = async (signal: AbortSignal): Promise<{ url: string } | KeysFailure> =>
    config.jwksUrl === undefined ? discover(signal) : { url: config.jwksUrl };

  return async () => {
    const signal = AbortSignal.timeout(config.timeoutMs);
    const former = discovered;
    let answer = former === undefined ? undefined : await getObject(connections, config, former, signal);
    let address = former ?? "";
    // Keys that are not where they were may have moved: the metadata is asked again.
    if (answer?.kind !== "object") {
      const found = await locate(signal);
      if ("kind" in found) return found;
      if (!answer || found.url !== former) answer = await getObject(connections, config, found.url, signal);
      address = found.url;
    }
    discovered = answer.kind === "object" && config.jwksUrl === undefined ? address : undefined;
    if (answer.kind !== "object") return { kind: answer.kind, reason: answer.reason };
    const { keys } = answer.value;
    if (!Array.isArray(keys)) return { kind: "invalidResponse", reason: `${address} is not a JSON Web Key Set.` };
    if (keys.length > MAX_KEYS) return { kind: "invalidResponse", reason: `${address} has more than ${MAX_KEYS} keys.` };
    return { kind: "keys", keys: usableKeys(keys) };
  };
}
