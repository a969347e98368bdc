import type { Metadata } from "next";
import { TryItPage } from "@/components/try-it/try-it-page";

export const metadata: Metadata = { title: "Try it" };

export default async function Page({ params }: { params: Promise<{ apiId: string }> }) {
  return <TryItPage apiId={(await params).apiId} />;
}
