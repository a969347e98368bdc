import { operationName } from "@/components/openapi/operation-words";
import { Column, Table, TableBody, TableHead } from "@/components/ui/table";
import type { AccessLevel, AccessOperationView } from "@/lib/management/contract/access";
import { AccessRow, EverythingElseRow } from "./access-row";
import type { FlowOf } from "./requirements";

interface AccessTableProps {
  operations: readonly AccessOperationView[];
  /** Null while a filter hides operations. */
  everythingElse: AccessLevel | null;
  flowOf: FlowOf;
  onAllowAnonymous: ((operation: AccessOperationView) => void) | undefined;
}

/** Lists the operations, one per row, then the access level of all other paths. */
export function AccessTable({ operations, everythingElse, flowOf, onAllowAnonymous }: AccessTableProps) {
  return (
    <Table label="Operations">
      <TableHead>
        <Column>Operation</Column>
        <Column>Access</Column>
        <Column className="hidden lg:table-cell">Required by</Column>
        <Column className="hidden md:table-cell">Applications</Column>
        {onAllowAnonymous && (
          <Column hideLabel className="hidden md:table-cell">
            Actions
          </Column>
        )}
      </TableHead>
      <TableBody>
        {operations.map((operation) => (
          <AccessRow key={operationName(operation)} operation={operation} flowOf={flowOf} onAllowAnonymous={onAllowAnonymous} />
        ))}
        {everythingElse && <EverythingElseRow level={everythingElse} columns={onAllowAnonymous ? 5 : 4} />}
      </TableBody>
    </Table>
  );
}
