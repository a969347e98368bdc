"use client";

import { LoadFailure } from "@/components/data/load-failure";
import { usePolicies } from "@/components/data/server-rules";
import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button-link";
import { count } from "@/components/ui/count";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { AccessPolicyView, AuthorizationServerView } from "@/lib/management/contract/authorization";
import { whoGetsTokens } from "./who-gets-tokens";

function Answer({ policies, serverId }: { policies: readonly AccessPolicyView[]; serverId: string }) {
  const who = whoGetsTokens(policies);
  const href = `/authorization-servers/${serverId}/policies`;
  if (who.kind === "everyone") {
    return (
      <p className="max-w-measure">
        Every application of this server can get a token: the policy <Link href={href}>{who.policy}</Link> allows it.
      </p>
    );
  }
  if (who.kind === "some") {
    return (
      <p className="max-w-measure">
        Only the applications that <Link href={href}>{count(who.policies, "access policy", "access policies")}</Link> name can get a token.
      </p>
    );
  }
  return (
    <Banner meaning="failing" title="No application can get a token.">
      No <Link href={href}>access policy</Link> allows it. Add one, or activate one with a rule.
    </Banner>
  );
}

/** Shows which applications get tokens from this server, with a link to the preview. */
export function FirstTokenSection({ server }: { server: AuthorizationServerView }) {
  const policies = usePolicies(server.id);
  return (
    <Section title="Who gets a token" actions={<ButtonLink href={`/authorization-servers/${server.id}/preview`}>Preview token</ButtonLink>}>
      {policies.data ? (
        <Answer policies={policies.data} serverId={server.id} />
      ) : policies.isError ? (
        <LoadFailure title="Couldn't load the access policies." query={policies} />
      ) : (
        <SkeletonRows rows={1} label="Loading the access policies" />
      )}
    </Section>
  );
}
