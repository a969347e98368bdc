import type { Environment } from "@/lib/platform/env";

/** The message after a successful start, with a newly generated password. */
export function banner(facts: { environment: Environment; dataDir: string; administrator: { email: string; password?: string } }): string {
  const { environment, dataDir, administrator } = facts;
  const rows: [string, string][] = [
    ["Console", environment.publicUrl],
    ["Gateway", `${environment.gatewayUrl}/<context path>`],
    ["Data", environment.databaseUrl ? `Postgres at DATABASE_URL, key in ${dataDir}` : dataDir],
    ["Sign in as", administrator.email],
  ];
  if (administrator.password) rows.push(["Password", `${administrator.password}   (shown only once)`]);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(12)}${value}`);
  return ["", "Gatewright is running.", "", ...lines, "", "Press Ctrl-C to stop.", ""].join("\n");
}
