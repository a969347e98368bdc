import type { Metadata } from "next";
import { ServerPage } from "@/components/authorization-servers/server-page";

export const metadata: Metadata = { title: "Authorization server" };

export default async function Page({ params }: { params: Promise<{ serverId: string }> }) {
  return <ServerPage serverId={(await params).serverId} />;
}
