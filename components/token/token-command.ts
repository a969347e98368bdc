import { curlCommand } from "@/components/curl/curl";

interface TokenRequest {
  tokenEndpoint: string;
  /** Absent: the command takes it from `$CLIENT_ID`. */
  clientId?: string | undefined;
  /** Absent: the command takes it from `$CLIENT_SECRET`. */
  clientSecret?: string | undefined;
  scopes: readonly string[];
}

/** The curl command that gets a token with client credentials (RFC 6749, section 4.4), authenticated by Basic (section 2.3.1). */
export function tokenCommand({ tokenEndpoint, clientId, clientSecret, scopes }: TokenRequest): string {
  const scope: [string, string][] = scopes.length > 0 ? [["scope", scopes.join(" ")]] : [];
  return curlCommand({
    method: "POST",
    url: tokenEndpoint,
    user: { name: clientId, password: clientSecret },
    form: [["grant_type", "client_credentials"], ...scope],
  });
}
