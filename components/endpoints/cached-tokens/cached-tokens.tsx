"use client";

import { useEndpointTokens } from "@/components/data/endpoints";
import { LoadFailure } from "@/components/data/load-failure";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ENVIRONMENTS } from "@/lib/definition/schema";
import { ClearTokenButton } from "./clear-token-button";
import { TokenTable } from "./token-table";

/** Shows the backend tokens that gateways cache for deployed endpoints. Renders nothing if no endpoint uses tokens. */
export function CachedTokens() {
  const { apiId, copy } = useDraftEditor();
  const tokens = useEndpointTokens(apiId);
  const isDrafted = ENVIRONMENTS.some((environment) => copy.endpoints[environment]?.security.type === "oauth2");
  const isEmpty = tokens.data === undefined || tokens.data.length === 0;
  if (isEmpty && !isDrafted) return null;
  return (
    <Section
      title="Cached tokens"
      description="Backend tokens that each gateway caches for deployed endpoints. Tokens in use are renewed before they expire."
    >
      {tokens.data ? (
        tokens.data.length === 0 ? (
          <EmptyState>No deployed endpoint uses OAuth 2.0. Review and deploy the draft first.</EmptyState>
        ) : (
          <div className="flex flex-col gap-6">
            {ENVIRONMENTS.map((environment) => {
              const kept = tokens.data.filter((token) => token.environment === environment);
              const title = environment === "production" ? "Production" : "Sandbox";
              return (
                kept.length > 0 && (
                  <section key={environment} aria-label={`${title} tokens`} className="flex flex-col gap-1">
                    <div className="flex flex-wrap items-center justify-between gap-3">
                      <h3>{title}</h3>
                      <ClearTokenButton apiId={apiId} environment={environment} />
                    </div>
                    <TokenTable label={`${title} tokens by gateway`} tokens={kept} />
                  </section>
                )
              );
            })}
          </div>
        )
      ) : tokens.isError ? (
        <LoadFailure title="Couldn't load the cached tokens." query={tokens} />
      ) : (
        <SkeletonRows rows={2} label="Loading the cached tokens" />
      )}
    </Section>
  );
}
