import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DeploymentPage } from "@/components/deployments/deployment-page";

export const metadata: Metadata = { title: "Deployment" };

interface ApiDeploymentPageProps {
  params: Promise<{ apiId: string; number: string }>;
  searchParams: Promise<{ compare?: string | string[] }>;
}

export default async function ApiDeploymentPage({ params, searchParams }: ApiDeploymentPageProps) {
  const { apiId, number } = await params;
  const { compare } = await searchParams;
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  return <DeploymentPage apiId={apiId} number={Number(number)} compare={typeof compare === "string" ? compare : undefined} />;
}
