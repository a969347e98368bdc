import { curlCommand } from "@/components/curl/curl";
import type { ApplicationView } from "@/lib/management/contract/authorization";

interface TokenRequest {
  tokenEndpoint: string;
  /** Default: `$CLIENT_ID`. */
  clientId?: string | undefined;
  /** Default: `$CLIENT_SECRET`. */
  clientSecret?: string | undefined;
  scopes: readonly string[];
  /** The client authentication method. Default: Basic. */
  authentication?: ApplicationView["authentication"] | undefined;
  /** Whether the server requires a DPoP proof (RFC 9449), read from `$DPOP_PROOF`. */
  dpopBound?: boolean | undefined;
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Returns a form field with the value of a shell variable. */
const fromShell = (name: string, variable: string) => `--data-urlencode "${name}=$${variable}"`;

/** Returns the fields with shell variables, which must not be quoted. */
function shellFields(request: TokenRequest): string[] {
  const { authentication, clientId, clientSecret } = request;
  if (authentication === "private_key_jwt") return [fromShell("client_assertion", "CLIENT_ASSERTION")];
  if (authentication !== "client_secret_post") return [];
  return [
    ...(clientId === undefined ? [fromShell("client_id", "CLIENT_ID")] : []),
    ...(clientSecret === undefined ? [fromShell("client_secret", "CLIENT_SECRET")] : []),
  ];
}

function credentialFields({ authentication, clientId, clientSecret }: TokenRequest): [string, string][] {
  if (authentication === "private_key_jwt") return [["client_assertion_type", ASSERTION_TYPE]];
  if (authentication !== "client_secret_post") return [];
  return [
    ...(clientId === undefined ? [] : [["client_id", clientId] as [string, string]]),
    ...(clientSecret === undefined ? [] : [["client_secret", clientSecret] as [string, string]]),
  ];
}

/**
 * Builds a curl command that gets a token with client credentials (RFC 6749, 4.4). Client authentication: Basic
 * (2.3.1), body, or a signed assertion (RFC 7523).
 */
export function tokenCommand(request: TokenRequest): string {
  const { tokenEndpoint, clientId, clientSecret, scopes, authentication = "client_secret", dpopBound = false } = request;
  const scope: [string, string][] = scopes.length > 0 ? [["scope", scopes.join(" ")]] : [];
  const isBasic = authentication === "client_secret" || authentication === "client_secret_basic";
  const command = curlCommand({
    method: "POST",
    url: tokenEndpoint,
    ...(isBasic ? { user: { name: clientId, password: clientSecret } } : {}),
    form: [["grant_type", "client_credentials"], ...credentialFields(request), ...scope],
  });
  return [command, ...shellFields(request), ...(dpopBound ? ['-H "DPoP: $DPOP_PROOF"'] : [])].join(" \\\n  ");
}
