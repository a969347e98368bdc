import type { Metadata } from "next";
import { CreateApplicationPage } from "@/components/applications/create-application-page";

export const metadata: Metadata = { title: "Create application" };

export default async function NewApplicationPage({ searchParams }: { searchParams: Promise<{ server?: string | string[] }> }) {
  const { server } = await searchParams;
  return <CreateApplicationPage serverId={typeof server === "string" ? server : "default"} />;
}
