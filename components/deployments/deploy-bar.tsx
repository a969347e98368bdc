"use client";

import { usePathname } from "next/navigation";
import { useChanges } from "@/components/data/apis";
import { DeployBar } from "@/components/shell/deploy-bar";
import type { ApiView } from "@/lib/management/contract/apis";
import { DeployButton } from "./deploy-button";
import { undeployedSentence } from "./undeployed-sentence";

/** Pages with their own primary action; deploying comes after it. */
const EDITING_PAGES = /\/(studio|endpoints|resources|settings|try-it)$/;

/** The bar below an API's tabs while its draft differs from the active deployment. */
export function ApiDeployBar({ api }: { api: ApiView }) {
  const pathname = usePathname();
  const active = api.activeDeployment;
  const changes = useChanges(api.id, { enabled: api.undeployedChanges && active !== null, draftEtag: api.etag });
  if (!api.undeployedChanges) return null;
  const isPrimary = !EDITING_PAGES.test(pathname);
  return (
    <DeployBar
      message={undeployedSentence(active?.number ?? null, changes.data?.changes.length)}
      actions={<DeployButton apiId={api.id} variant={isPrimary ? "primary" : "secondary"} />}
    />
  );
}
