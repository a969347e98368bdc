"use client";

import { CirclePause, CirclePlay, Ellipsis, Pencil, Plus, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { StateMark } from "@/components/ui/state-mark";
import type { AccessPolicyView, AccessRuleView, ApplicationView } from "@/lib/management/contract/authorization";
import { MoveButtons } from "./move-buttons";
import { NeverReached } from "./never-reached";
import { PolicyApplications } from "./policy-applications";
import { RuleTable } from "./rule-table";

/** An action on a policy or one of its rules. */
export type PolicyWish =
  | { kind: "edit-policy" | "delete-policy" | "switch"; policy: AccessPolicyView }
  | { kind: "move-policy"; policy: AccessPolicyView; by: -1 | 1 }
  | { kind: "edit-rule"; policy: AccessPolicyView; rule: AccessRuleView | null }
  | { kind: "delete-rule"; policy: AccessPolicyView; rule: AccessRuleView }
  | { kind: "move-rule"; policy: AccessPolicyView; rule: AccessRuleView; by: -1 | 1 };

interface PolicySectionProps {
  policy: AccessPolicyView;
  /** Position, from 0, and number of policies. */
  index: number;
  length: number;
  applications: readonly ApplicationView[] | undefined;
  /** The name of the earlier policy or rule that always decides, by the ID of the unreachable one. */
  shadows: ReadonlyMap<string, string>;
  onWish: (wish: PolicyWish) => void;
}

/** Shows one access policy with its rules. */
export function PolicySection({ policy, index, length, applications, shadows, onWish }: PolicySectionProps) {
  return (
    <li className="flex min-w-0 flex-col gap-2 border-line border-t pt-4">
      <div className="flex items-start gap-3">
        <span className="w-5 shrink-0 pt-0.5 text-muted text-base tabular-nums">{index + 1}</span>
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3">
            <h3 className="min-w-0 font-semibold text-base [overflow-wrap:anywhere]">{policy.name}</h3>
            {!policy.enabled && <StateMark meaning="neutral">Inactive</StateMark>}
            <NeverReached by={shadows.get(policy.id)} />
          </div>
          <p className="text-muted">
            <PolicyApplications policy={policy} applications={applications} />
          </p>
          {policy.description && <p className="max-w-measure text-muted [overflow-wrap:anywhere]">{policy.description}</p>}
        </div>
        <span className="flex shrink-0 items-center gap-1">
          {length > 1 && (
            <MoveButtons
              what={`policy ${policy.name}`}
              index={index}
              length={length}
              onMove={(by) => onWish({ kind: "move-policy", policy, by })}
            />
          )}
          <Menu
            label={`Actions for policy ${policy.name}`}
            trigger={
              <IconButton size="small" label={`Actions for policy ${policy.name}`}>
                <Ellipsis aria-hidden />
              </IconButton>
            }
          >
            <MenuItem icon={<Pencil aria-hidden />} onAction={() => onWish({ kind: "edit-policy", policy })}>
              Edit policy
            </MenuItem>
            <MenuItem
              icon={policy.enabled ? <CirclePause aria-hidden /> : <CirclePlay aria-hidden />}
              onAction={() => onWish({ kind: "switch", policy })}
            >
              {policy.enabled ? "Deactivate policy" : "Activate policy"}
            </MenuItem>
            <MenuSeparator />
            <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onAction={() => onWish({ kind: "delete-policy", policy })}>
              Delete policy
            </MenuItem>
          </Menu>
        </span>
      </div>
      <div className="flex min-w-0 flex-col gap-2 sm:pl-8">
        {policy.rules.length === 0 ? (
          <p className="text-muted">No rules. This policy allows no application.</p>
        ) : (
          <RuleTable
            policy={policy}
            shadows={shadows}
            onMove={(rule, by) => onWish({ kind: "move-rule", policy, rule, by })}
            onEdit={(rule) => onWish({ kind: "edit-rule", policy, rule })}
            onDelete={(rule) => onWish({ kind: "delete-rule", policy, rule })}
          />
        )}
        <Button
          size="small"
          variant="quiet"
          className="-ml-2 self-start"
          icon={<Plus aria-hidden className="size-3.5" />}
          aria-label={`Add rule to ${policy.name}`}
          onPress={() => onWish({ kind: "edit-rule", policy, rule: null })}
        >
          Add rule
        </Button>
      </div>
    </li>
  );
}
