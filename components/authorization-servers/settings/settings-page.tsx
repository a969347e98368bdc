"use client";

import { PageBody } from "@/components/ui/page-body";
import { useServer } from "../server-context";
import { ServerDeleteSection } from "./delete-section";
import { ServerGeneralSection } from "./general-section";
import { ServerStateSection } from "./state-section";

/** An authorization server's settings: general, state, and deletion. */
export function ServerSettingsPage() {
  const server = useServer();
  return (
    <PageBody>
      <ServerGeneralSection server={server} />
      <ServerStateSection server={server} />
      <ServerDeleteSection server={server} />
    </PageBody>
  );
}
