import { curlCommand } from "@/components/curl/curl";
import type { ApplicationView } from "@/lib/management/contract/authorization";

interface TokenRequest {
  tokenEndpoint: string;
  /** Absent: the command takes it from `$CLIENT_ID`. */
  clientId?: string | undefined;
  /** Absent: the command takes it from `$CLIENT_SECRET`. */
  clientSecret?: string | undefined;
  scopes: readonly string[];
  /** How the application proves who it is; by Basic when it is not said. */
  authentication?: ApplicationView["authentication"] | undefined;
  /** Whether the server asks for a proof of possession (RFC 9449), which the command takes from `$DPOP_PROOF`. */
  dpopBound?: boolean | undefined;
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** A form field whose value the shell fills in from a variable. */
const fromShell = (name: string, variable: string) => `--data-urlencode "${name}=$${variable}"`;

/** Fields that must not be quoted away: their values are the shell's to fill in. */
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
 * The curl command that gets a token with client credentials (RFC 6749, section 4.4), authenticated as the application
 * is: by Basic (section 2.3.1), in the body, or by an assertion (RFC 7523) that the program signs.
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
