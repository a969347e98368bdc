import type { Metadata } from "next";
import { ApplicationPage } from "@/components/applications/application-page";

export const metadata: Metadata = { title: "Application" };

export default async function Page({ params }: { params: Promise<{ applicationId: string }> }) {
  return <ApplicationPage applicationId={(await params).applicationId} />;
}
