"use client";

import { PageBody } from "@/components/ui/page-body";
import { CachedTokens } from "./cached-tokens/cached-tokens";
import { EndpointSection } from "./endpoint-section";

/** An API's endpoints, their security, and the backend tokens that gateways cache. */
export function EndpointsPage() {
  return (
    <PageBody className="pt-5">
      <EndpointSection
        environment="production"
        title="Production endpoint"
        description="Default backend, except for sandbox tokens."
        absent="No production endpoint. Requests without a sandbox token are rejected."
      />
      <EndpointSection
        environment="sandbox"
        title="Sandbox endpoint"
        description="Backend for requests with a sandbox token."
        absent="No sandbox endpoint. Requests with a sandbox token are rejected."
      />
      <CachedTokens />
    </PageBody>
  );
}
