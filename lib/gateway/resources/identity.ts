import type { EnvironmentName } from "@/lib/definition/schema";

/** Who calls, as a token check found it. */
export interface Identity {
  clientId: string | null;
  subject: string | null;
  scopes: readonly string[];
  environment: EnvironmentName;
}
