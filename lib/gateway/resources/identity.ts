import type { EnvironmentName } from "@/lib/definition/schema";

/** The client, identified by its token. */
export interface Identity {
  clientId: string | null;
  subject: string | null;
  scopes: readonly string[];
  environment: EnvironmentName;
}
