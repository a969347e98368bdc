import type { Metadata } from "next";
import { DeploymentsPage } from "@/components/deployments/deployments-page";

export const metadata: Metadata = { title: "Deployments" };

export default async function ApiDeploymentsPage({ params }: { params: Promise<{ apiId: string }> }) {
  const { apiId } = await params;
  return <DeploymentsPage apiId={apiId} />;
}
