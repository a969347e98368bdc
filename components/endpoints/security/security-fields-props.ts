import type { Problem } from "@/lib/definition/problems";
import type { SecurityConfig } from "@/lib/definition/registry";

export interface SecurityFieldsProps<Security = SecurityConfig> {
  security: Security;
  onChange: (security: SecurityConfig) => void;
  /** For example `endpoints.production.security`. */
  path: string;
  problems: readonly Problem[];
  storedSecrets: readonly string[];
  /** Stored secrets to enter again. */
  movedSecrets: readonly string[];
}
