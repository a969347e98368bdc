"use client";

import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useApplications } from "@/components/data/authorization";
import { messageOf } from "@/components/data/client";
import { LoadFailure } from "@/components/data/load-failure";
import { usePolicies, useUpdatePolicy } from "@/components/data/server-rules";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { notify } from "@/components/ui/notify";
import { PageBody, Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { AccessPolicyView } from "@/lib/management/contract/authorization";
import { useServer } from "../server-context";
import { PolicyDialogs } from "./policy-dialogs";
import { PolicySection, type PolicyWish } from "./policy-section";
import { shadowsOf } from "./shadows";
import { usePolicyMoves } from "./use-policy-moves";

/** Manages the access policies and their rules, in order. */
export function PoliciesPage() {
  const { id } = useServer();
  const policies = usePolicies(id);
  const applications = useApplications();
  const update = useUpdatePolicy(id);
  const { movePolicy, moveRule, announcement } = usePolicyMoves(id);
  const shadows = useMemo(() => shadowsOf(policies.data ?? []), [policies.data]);
  const [wish, setWish] = useState<PolicyWish | { kind: "add-policy" } | null>(null);

  async function switchPolicy(policy: AccessPolicyView) {
    try {
      await update.mutateAsync({ id: policy.id, etag: undefined, enabled: !policy.enabled });
    } catch (error) {
      notify.failed(`${policy.name} wasn't ${policy.enabled ? "deactivated" : "activated"}`, { description: messageOf(error) });
    }
  }

  function handle(next: PolicyWish) {
    if (next.kind === "move-policy") void movePolicy(next.policy, next.by);
    else if (next.kind === "move-rule") void moveRule(next.policy, next.rule, next.by);
    else if (next.kind === "switch") void switchPolicy(next.policy);
    else setWish(next);
  }

  const add = (
    <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} onPress={() => setWish({ kind: "add-policy" })}>
      Add policy
    </Button>
  );
  return (
    <PageBody>
      <Section
        title="Access policies"
        description="Policies run in order. The first matching rule decides; no match denies."
        actions={
          policies.data &&
          policies.data.length > 0 && (
            <>
              <ButtonLink href={`/authorization-servers/${id}/preview`}>Preview token</ButtonLink>
              {add}
            </>
          )
        }
      >
        {policies.data ? (
          policies.data.length === 0 ? (
            <EmptyState action={add}>No access policies. Applications get tokens only if a policy allows it.</EmptyState>
          ) : (
            <ol aria-label="Access policies" className="flex flex-col gap-6">
              {policies.data.map((policy, index, all) => (
                <PolicySection
                  key={policy.id}
                  policy={policy}
                  index={index}
                  length={all.length}
                  applications={applications.data}
                  shadows={shadows}
                  onWish={handle}
                />
              ))}
            </ol>
          )
        ) : policies.isError ? (
          <LoadFailure title="Couldn't load the access policies." query={policies} />
        ) : (
          <SkeletonRows label="Loading the access policies" />
        )}
      </Section>
      <span role="status" className="sr-only">
        {announcement}
      </span>
      {wish && <PolicyDialogs serverId={id} wish={wish} onClose={() => setWish(null)} />}
    </PageBody>
  );
}
