import type { ReactNode } from "react";
import { SamplesProvider } from "@/components/apis/samples-context";
import { AppShell } from "@/components/shell/app-shell";
import { DatabaseUnavailable } from "@/components/shell/database-unavailable";
import { unlessUnavailable } from "@/lib/management/http/page";
import { environment } from "@/lib/platform/env";
import { requireSession } from "@/lib/platform/session";

// Every page depends on the session: none can be prerendered.
export const dynamic = "force-dynamic";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const session = await unlessUnavailable(requireSession());
  if (session === null) return <DatabaseUnavailable />;
  const { user } = session.value;
  return (
    <AppShell user={{ name: user.name, email: user.email }}>
      <SamplesProvider isOn={environment().samples}>{children}</SamplesProvider>
    </AppShell>
  );
}
