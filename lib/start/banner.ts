import type { Environment } from "@/lib/platform/env";

/** What the start says when everything runs; the password only when it was made just now. */
export function banner(facts: { environment: Environment; dataDir: string; administrator: { email: string; password?: string } }): string {
  const { environment, dataDir, administrator } = facts;
  const rows: [string, string][] = [
    ["Console", environment.publicUrl],
    ["Gateway", `${environment.gatewayUrl}/<context path>`],
    ["Data", environment.databaseUrl ? `Postgres of DATABASE_URL, key in ${dataDir}` : dataDir],
    ["Sign in as", administrator.email],
  ];
  if (administrator.password) rows.push(["Password", `${administrator.password}   (shown only now)`]);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(12)}${value}`);
  return ["", "Gatewright runs.", "", ...lines, "", "Ctrl-C stops it.", ""].join("\n");
}
