import type { Metadata } from "next";
import { ScopesPage } from "@/components/authorization-servers/scopes/scopes-page";

export const metadata: Metadata = { title: "Scopes" };

export default function Page() {
  return <ScopesPage />;
}
