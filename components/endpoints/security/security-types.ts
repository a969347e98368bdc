import type { SecurityConfig } from "@/lib/definition/registry";
import { type EndpointSecurityType, endpointSecurityTypes, type OAuth2Security } from "@/lib/gateway/endpoint-security/schema";

/** The endpoint security types in menu order, with labels. */
export const SECURITY_TYPES: readonly { id: EndpointSecurityType; label: string; description: string }[] = (
  ["none", "basic", "digest", "oauth2"] as const
).map((id) => {
  const { title = id, description = "" } = endpointSecurityTypes[id].meta() ?? {};
  return { id, label: title, description };
});

const EMPTY_OAUTH2: OAuth2Security = {
  type: "oauth2",
  grantType: "clientCredentials",
  tokenUrl: "",
  clientId: "",
  scope: "",
  parameters: [],
  clientAuthentication: "basic",
  basicEncoding: "form",
  skewSeconds: 30,
  timeoutMs: 10_000,
  useRefreshToken: true,
};

/** Returns the initial values of a type. Carries over the username of the previous type. */
export function newSecurity(type: EndpointSecurityType, former: SecurityConfig): SecurityConfig {
  const username = typeof former.username === "string" ? former.username : "";
  switch (type) {
    case "none":
      return { type };
    case "basic":
    case "digest":
      return { type, username };
    case "oauth2":
      return { ...EMPTY_OAUTH2, ...(username === "" ? {} : { username }) };
  }
}

/** Returns whether endpoint security is OAuth 2.0, complete or not. */
export const isOAuth2 = (security: SecurityConfig): security is SecurityConfig & OAuth2Security =>
  security.type === "oauth2" && Array.isArray(security.parameters);

/** Returns the badge label: the type, and the grant for OAuth 2.0. */
export function securityName(security: SecurityConfig): string {
  if (isOAuth2(security)) return `OAuth 2.0: ${security.grantType === "password" ? "password" : "client credentials"}`;
  const label = SECURITY_TYPES.find(({ id }) => id === security.type)?.label ?? security.type;
  return security.type === "none" ? "No security" : label;
}
