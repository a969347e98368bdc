import type { ReactNode } from "react";
import { ApiFrame } from "@/components/apis/api-frame";

export default async function ApiLayout({ children, params }: { children: ReactNode; params: Promise<{ apiId: string }> }) {
  const { apiId } = await params;
  return (
    <ApiFrame key={apiId} apiId={apiId}>
      {children}
    </ApiFrame>
  );
}
