import type { Metadata } from "next";
import { ServerOverviewPage } from "@/components/authorization-servers/overview/overview-page";

export const metadata: Metadata = { title: "Authorization server" };

export default function Page() {
  return <ServerOverviewPage />;
}
