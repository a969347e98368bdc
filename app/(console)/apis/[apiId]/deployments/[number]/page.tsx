import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DeploymentPage } from "@/components/deployments/deployment-page";

export const metadata: Metadata = { title: "Deployment" };

export default async function ApiDeploymentPage({ params }: { params: Promise<{ apiId: string; number: string }> }) {
  const { apiId, number } = await params;
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  return <DeploymentPage apiId={apiId} number={Number(number)} />;
}
