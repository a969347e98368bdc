import { Pencil, Trash2 } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import type { ScopeView } from "@/lib/management/contract/authorization";

interface ScopeTableProps {
  scopes: readonly ScopeView[];
  /** Where each scope is used, in words; null while loading. */
  uses: ReadonlyMap<string, string> | null;
  onEdit: (scope: ScopeView) => void;
  onDelete: (scope: ScopeView) => void;
}

/** Lists the scopes, one per row. */
export function ScopeTable({ scopes, uses, onEdit, onDelete }: ScopeTableProps) {
  return (
    <Table label="Scopes">
      <TableHead>
        <Column>Scope</Column>
        <Column className="hidden sm:table-cell">Description</Column>
        <Column>Default</Column>
        <Column className="hidden md:table-cell">Published</Column>
        <Column className="hidden lg:table-cell">Used by</Column>
        <Column hideLabel>Actions</Column>
      </TableHead>
      <TableBody>
        {scopes.map((scope) => (
          <Row key={scope.id}>
            <Cell isRowHeader mono className="[overflow-wrap:anywhere]">
              {scope.name}
            </Cell>
            <Cell muted className="hidden w-1/3 [overflow-wrap:anywhere] sm:table-cell">
              {scope.description}
            </Cell>
            <Cell muted={!scope.default}>{scope.default ? "Default" : "No"}</Cell>
            <Cell muted={!scope.published} className="hidden md:table-cell">
              {scope.published ? "Published" : "No"}
            </Cell>
            <Cell muted className="hidden whitespace-nowrap lg:table-cell">
              {uses && (uses.get(scope.name) ?? "Not used")}
            </Cell>
            <Cell align="right">
              <span className="inline-flex gap-1">
                <IconButton size="small" label={`Edit scope ${scope.name}`} onPress={() => onEdit(scope)}>
                  <Pencil aria-hidden />
                </IconButton>
                <IconButton size="small" label={`Delete scope ${scope.name}`} onPress={() => onDelete(scope)}>
                  <Trash2 aria-hidden />
                </IconButton>
              </span>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
