"use client";

import { PageBody } from "@/components/ui/page-body";
import { EndpointSection } from "./endpoint-section";
import { KeptTokens } from "./kept-tokens/kept-tokens";

/** The backends of an API, how gateways authenticate there, and the tokens that they keep for it. */
export function EndpointsPage() {
  return (
    <PageBody className="pt-5">
      <EndpointSection
        environment="production"
        title="Production endpoint"
        description="Where calls go, unless the caller's token is for the sandbox."
        absent="This API has no production endpoint: calls that are not for the sandbox are refused."
      />
      <EndpointSection
        environment="sandbox"
        title="Sandbox endpoint"
        description="Where calls with a token of a sandbox application go."
        absent="This API has no sandbox endpoint: calls with a token of a sandbox application are refused."
      />
      <KeptTokens />
    </PageBody>
  );
}
