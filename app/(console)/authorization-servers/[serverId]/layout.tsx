import type { ReactNode } from "react";
import { ServerFrame } from "@/components/authorization-servers/server-frame";

export default async function ServerLayout({ children, params }: { children: ReactNode; params: Promise<{ serverId: string }> }) {
  const { serverId } = await params;
  return (
    <ServerFrame key={serverId} serverId={serverId}>
      {children}
    </ServerFrame>
  );
}
