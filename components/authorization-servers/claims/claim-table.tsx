import { Pencil, Trash2 } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/icon-button";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import type { ClaimView } from "@/lib/management/contract/authorization";
import { valueInLine } from "./claim-value";

interface ClaimTableProps {
  claims: readonly ClaimView[];
  onEdit: (claim: ClaimView) => void;
  onDelete: (claim: ClaimView) => void;
}

/** Lists the claims, one per row. */
export function ClaimTable({ claims, onEdit, onDelete }: ClaimTableProps) {
  return (
    <Table label="Claims">
      <TableHead>
        <Column>Claim</Column>
        <Column>Value</Column>
        <Column className="hidden sm:table-cell">Kind</Column>
        <Column className="hidden md:table-cell">Added</Column>
        <Column hideLabel>Actions</Column>
      </TableHead>
      <TableBody>
        {claims.map((claim) => {
          const value = valueInLine(claim);
          const scopes = claim.scopes.join(" ");
          return (
            <Row key={claim.id}>
              <Cell isRowHeader mono className="min-w-28! max-w-36 sm:max-w-64">
                <span title={claim.name} className="block truncate">
                  {claim.name}
                </span>
              </Cell>
              <Cell mono className="w-1/2 max-w-32 sm:max-w-64">
                <span title={value} className="block truncate">
                  {value}
                </span>
              </Cell>
              <Cell className="hidden sm:table-cell">
                <Badge>{claim.kind === "expression" ? "expression" : "static"}</Badge>
              </Cell>
              <Cell muted={scopes === ""} mono={scopes !== ""} className="hidden max-w-56 md:table-cell">
                <span title={scopes || undefined} className="block truncate">
                  {scopes || "Always"}
                </span>
              </Cell>
              <Cell align="right">
                <span className="inline-flex gap-1">
                  <IconButton size="small" label={`Edit claim ${claim.name}`} onPress={() => onEdit(claim)}>
                    <Pencil aria-hidden />
                  </IconButton>
                  <IconButton size="small" label={`Delete claim ${claim.name}`} onPress={() => onDelete(claim)}>
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
