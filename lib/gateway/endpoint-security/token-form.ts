import { formEncode } from "./form-encode";
import type { OAuth2Security } from "./schema";

/** A secret and its version ID. */
export interface VersionedSecret {
  value: string;
  version: string;
}

/** Finds the secret of a slot (see describe.ts). */
export type SecretOf = (slot: string) => VersionedSecret | undefined;

/** The constant parts of an endpoint's token requests. */
export interface TokenForm {
  origin: string;
  /** Path and query of the token URL. */
  path: string;
  /** The token URL for logs, without the query, which could contain a key. */
  label: string;
  headers: readonly string[];
  /** Request body for the configured grant. */
  grantBody: string;
  refreshBody(refreshToken: string): string;
  /** Secrets to redact from messages. */
  confidential: readonly string[];
}

const encodeForm = (fields: readonly (readonly [string, string])[]) =>
  fields.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join("&");

/**
 * Compiles the token requests of an endpoint (RFC 6749, 4.3.2, 4.4.2, and 6).
 * @throws Error when a secret is missing.
 */
export function compileTokenForm(security: OAuth2Security, secret: SecretOf): TokenForm {
  const secretValue = (slot: string, what: string) => {
    const found = secret(slot)?.value;
    if (!found) throw new Error(`Endpoint security ${what} missing.`);
    return found;
  };
  const { origin, pathname, search } = new URL(security.tokenUrl);
  const { clientId } = security;
  const clientSecret = secretValue("clientSecret", "client secret");
  const parameters = security.parameters.map(
    ({ name, value, secret: isSecret }) =>
      [name, isSecret ? secretValue(`parameters/${name}`, `parameter ${name}`) : (value ?? "")] as const,
  );
  const isPassword = security.grantType === "password";
  const password = isPassword ? secretValue("password", "password") : "";
  const encoded = security.basicEncoding === "raw" ? (value: string) => value : formEncode;
  const basic = Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString("base64");
  const inBody = security.clientAuthentication === "body";

  // RFC 6749, 2.3: one client authentication method per request.
  const client: readonly (readonly [string, string])[] = inBody
    ? [
        ["client_id", clientId],
        ["client_secret", clientSecret],
      ]
    : [];
  const user: readonly (readonly [string, string])[] = isPassword
    ? [
        ["username", security.username ?? ""],
        ["password", password],
      ]
    : [];
  const scope: readonly (readonly [string, string])[] = security.scope === "" ? [] : [["scope", security.scope]];
  const secrets = [
    clientSecret,
    password,
    ...security.parameters.flatMap((one, index) => (one.secret ? [parameters[index]?.[1] ?? ""] : [])),
  ];
  return {
    origin,
    path: pathname + search,
    label: origin + pathname,
    headers: [
      "accept",
      "application/json",
      "content-type",
      "application/x-www-form-urlencoded",
      ...(inBody ? [] : ["authorization", `Basic ${basic}`]),
    ],
    grantBody: encodeForm([["grant_type", isPassword ? "password" : "client_credentials"], ...client, ...user, ...scope, ...parameters]),
    // Without a scope, the grant's scope applies. Some servers require the parameters here too.
    refreshBody: (refreshToken) => encodeForm([["grant_type", "refresh_token"], ["refresh_token", refreshToken], ...client, ...parameters]),
    confidential: [basic, ...secrets],
  };
}
