import { Trash2 } from "lucide-react";
import { formatMoment } from "@/components/ui/format-time";
import { IconButton } from "@/components/ui/icon-button";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { SigningKeyView } from "@/lib/management/contract/authorization";
import { inOrder, stateWords } from "./key-words";

/** Lists the signing keys, one per row: next, active, previous. */
export function KeyTable({ keys, onDelete }: { keys: readonly SigningKeyView[]; onDelete: (key: SigningKeyView) => void }) {
  return (
    <Table label="Signing keys">
      <TableHead>
        <Column>State</Column>
        <Column>Key ID</Column>
        <Column className="hidden sm:table-cell">Algorithm</Column>
        <Column className="hidden md:table-cell">Created</Column>
        <Column className="hidden sm:table-cell">Signed since</Column>
        <Column className="hidden sm:table-cell">Verifies until</Column>
        <Column hideLabel>Actions</Column>
      </TableHead>
      <TableBody>
        {inOrder(keys).map((key) => (
          <Row key={key.kid} isSelected={key.state === "active"}>
            <Cell isRowHeader>
              <span className="flex flex-col py-1">
                <span className="font-medium">{stateWords[key.state].name}</span>
                <span className="text-muted text-xs">{stateWords[key.state].meaning}</span>
                {key.expiresAt && <span className="text-muted text-xs sm:hidden">until {formatMoment(key.expiresAt)}</span>}
              </span>
            </Cell>
            <Cell mono className="max-w-24 sm:max-w-56">
              <span title={key.kid} className="block truncate">
                {key.kid}
              </span>
            </Cell>
            <Cell mono className="hidden sm:table-cell">
              {key.algorithm}
            </Cell>
            <Cell muted className="hidden md:table-cell">
              <When at={key.createdAt} />
            </Cell>
            <Cell muted className="hidden sm:table-cell">
              {key.activatedAt ? <When at={key.activatedAt} /> : "Not yet"}
            </Cell>
            <Cell muted className="hidden sm:table-cell">
              {key.expiresAt ? <time dateTime={key.expiresAt}>{formatMoment(key.expiresAt)}</time> : "No end date"}
            </Cell>
            <Cell align="right">
              {key.state === "previous" && (
                <span className="inline-flex">
                  <IconButton size="small" label={`Delete key ${key.kid}`} onPress={() => onDelete(key)}>
                    <Trash2 aria-hidden />
                  </IconButton>
                </span>
              )}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
