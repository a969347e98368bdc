import { Pencil, Trash2 } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { StateMark } from "@/components/ui/state-mark";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import type { AccessPolicyView, AccessRuleView } from "@/lib/management/contract/authorization";
import { lifetimeWords } from "./lifetime-words";
import { MoveButtons } from "./move-buttons";
import { NeverReached } from "./never-reached";

interface RuleTableProps {
  policy: AccessPolicyView;
  /** The name of the earlier rule that always decides, by the ID of the unreachable one. */
  shadows: ReadonlyMap<string, string>;
  onMove: (rule: AccessRuleView, by: -1 | 1) => void;
  onEdit: (rule: AccessRuleView) => void;
  onDelete: (rule: AccessRuleView) => void;
}

/** Lists a policy's rules in order, one per row. */
export function RuleTable({ policy, shadows, onMove, onEdit, onDelete }: RuleTableProps) {
  const { rules } = policy;
  return (
    <Table label={`Rules of ${policy.name}`}>
      <TableHead>
        <Column className="w-8">
          <span className="sr-only">Position</span>
        </Column>
        <Column>Rule</Column>
        <Column className="hidden w-44 lg:table-cell">Grant</Column>
        <Column className="hidden w-1/3 sm:table-cell">Scopes</Column>
        <Column className="hidden w-40 sm:table-cell">Lifetime</Column>
        <Column hideLabel className="w-36">
          Actions
        </Column>
      </TableHead>
      <TableBody>
        {rules.map((rule, index) => {
          const scopes = rule.scopes.join(" ");
          return (
            <Row key={rule.id}>
              <Cell muted className="tabular-nums">
                {index + 1}
              </Cell>
              <Cell isRowHeader className="min-w-24! max-w-32 sm:max-w-56">
                <span className="flex min-w-0 flex-wrap items-center gap-x-2">
                  <span title={rule.name} className="truncate">
                    {rule.name}
                  </span>
                  {!rule.enabled && <StateMark meaning="neutral">Inactive</StateMark>}
                  <NeverReached by={shadows.get(rule.id)} />
                </span>
                <span title={scopes || undefined} className="block truncate text-muted text-xs sm:hidden">
                  {lifetimeWords(rule.lifetimeMinutes)}, {scopes || "any scope"}
                </span>
              </Cell>
              <Cell
                muted={rule.grantTypes.length === 0}
                mono={rule.grantTypes.length > 0}
                className="hidden whitespace-nowrap lg:table-cell"
              >
                {rule.grantTypes.join(" ") || "Any"}
              </Cell>
              <Cell muted={scopes === ""} mono={scopes !== ""} className="hidden max-w-64 sm:table-cell">
                <span title={scopes || undefined} className="block truncate">
                  {scopes || "Any"}
                </span>
              </Cell>
              <Cell className="hidden whitespace-nowrap sm:table-cell">{lifetimeWords(rule.lifetimeMinutes)}</Cell>
              <Cell align="right">
                <span className="inline-flex gap-1">
                  {rules.length > 1 && (
                    <MoveButtons what={`rule ${rule.name}`} index={index} length={rules.length} onMove={(by) => onMove(rule, by)} />
                  )}
                  <IconButton size="small" label={`Edit rule ${rule.name}`} onPress={() => onEdit(rule)}>
                    <Pencil aria-hidden />
                  </IconButton>
                  <IconButton size="small" label={`Delete rule ${rule.name}`} onPress={() => onDelete(rule)}>
                    <Trash2 aria-hidden />
                  </IconButton>
                </span>
              </Cell>
            </Row>
          );
        })}
      </TableBody>
    </Table>
  );
}
