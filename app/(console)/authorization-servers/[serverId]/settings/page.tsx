import type { Metadata } from "next";
import { ServerSettingsPage } from "@/components/authorization-servers/settings/settings-page";

export const metadata: Metadata = { title: "Settings" };

export default function Page() {
  return <ServerSettingsPage />;
}
