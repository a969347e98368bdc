import type { ReactNode } from "react";
import { DraftWorkspace } from "@/components/draft/draft-workspace";

/** The pages that edit the draft share one working copy: navigation between them keeps edits. */
export default async function DraftLayout({ children, params }: { children: ReactNode; params: Promise<{ apiId: string }> }) {
  const { apiId } = await params;
  return <DraftWorkspace apiId={apiId}>{children}</DraftWorkspace>;
}
