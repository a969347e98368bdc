import type { Metadata } from "next";
import { ServerListPage } from "@/components/authorization-servers/server-list-page";

export const metadata: Metadata = { title: "Authorization servers" };

export default function AuthorizationServersPage() {
  return <ServerListPage />;
}
