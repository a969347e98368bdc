import type { Metadata } from "next";
import { OverviewPage } from "@/components/apis/overview/overview-page";

export const metadata: Metadata = { title: "Overview" };

export default async function ApiOverviewPage({ params }: { params: Promise<{ apiId: string }> }) {
  const { apiId } = await params;
  return <OverviewPage apiId={apiId} />;
}
