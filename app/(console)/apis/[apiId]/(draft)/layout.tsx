import type { ReactNode } from "react";
import { DraftWorkspace } from "@/components/draft/draft-workspace";

/** The pages that edit the draft share one working copy, so that going from one to another loses nothing. */
export default async function DraftLayout({ children, params }: { children: ReactNode; params: Promise<{ apiId: string }> }) {
  const { apiId } = await params;
  return <DraftWorkspace apiId={apiId}>{children}</DraftWorkspace>;
}
