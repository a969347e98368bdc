"use client";

import { useDeletePolicy, useDeleteRule } from "@/components/data/server-rules";
import { DeleteDialog } from "@/components/deletion/delete-dialog";
import type { AccessPolicyView, AccessRuleView } from "@/lib/management/contract/authorization";
import { PolicyDrawer } from "./policy-drawer";
import type { PolicyWish } from "./policy-section";
import { RuleDrawer } from "./rule-drawer";

interface DialogProps {
  serverId: string;
  onClose: () => void;
}

function DeletePolicyDialog({ serverId, policy, onClose }: DialogProps & { policy: AccessPolicyView }) {
  const remove = useDeletePolicy(serverId);
  return (
    <DeleteDialog
      what={`The policy ${policy.name}`}
      confirmLabel="Delete policy"
      isPending={remove.isPending}
      onDelete={() => remove.mutateAsync(policy.id)}
      onClose={onClose}
    >
      Its rules are deleted too. Applications without another policy get no new tokens.
    </DeleteDialog>
  );
}

function DeleteRuleDialog({ serverId, policy, rule, onClose }: DialogProps & { policy: AccessPolicyView; rule: AccessRuleView }) {
  const remove = useDeleteRule(serverId, policy.id);
  return (
    <DeleteDialog
      what={`The rule ${rule.name}`}
      confirmLabel="Delete rule"
      isPending={remove.isPending}
      onDelete={() => remove.mutateAsync(rule.id)}
      onClose={onClose}
    >
      Later rules decide the requests it allowed.
    </DeleteDialog>
  );
}

/** Renders the drawer or dialog of the current action. */
export function PolicyDialogs({ serverId, wish, onClose }: DialogProps & { wish: PolicyWish | { kind: "add-policy" } }) {
  switch (wish.kind) {
    case "add-policy":
      return <PolicyDrawer serverId={serverId} policy={null} onClose={onClose} />;
    case "edit-policy":
      return <PolicyDrawer serverId={serverId} policy={wish.policy} onClose={onClose} />;
    case "edit-rule":
      return <RuleDrawer serverId={serverId} policy={wish.policy} rule={wish.rule} onClose={onClose} />;
    case "delete-policy":
      return <DeletePolicyDialog serverId={serverId} policy={wish.policy} onClose={onClose} />;
    case "delete-rule":
      return <DeleteRuleDialog serverId={serverId} policy={wish.policy} rule={wish.rule} onClose={onClose} />;
    default:
      return null;
  }
}
