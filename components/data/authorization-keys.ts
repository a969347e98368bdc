/** Where the answers about authorization servers and applications are kept; the longer keys lie under the shorter ones. */
export const authorizationKeys = {
  servers: ["authorization-servers"] as const,
  server: (id: string) => ["authorization-servers", id] as const,
  scopes: (id: string) => ["authorization-servers", id, "scopes"] as const,
  claims: (id: string) => ["authorization-servers", id, "claims"] as const,
  policies: (id: string) => ["authorization-servers", id, "policies"] as const,
  keys: (id: string) => ["authorization-servers", id, "keys"] as const,
  preview: (id: string, request: unknown) => ["authorization-servers", id, "preview", request] as const,
  applications: ["applications"] as const,
  application: (id: string) => ["applications", id] as const,
};
