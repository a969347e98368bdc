import { StateMark } from "@/components/ui/state-mark";
import { Cell, Column, Row, RowLink, Table, TableBody, TableHead } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { ApiView } from "@/lib/management/contract/apis";
import { ApiStateMark } from "./api-state-mark";
import { ProtectionMark } from "./protection-mark";

function ApiRow({ api }: { api: ApiView }) {
  return (
    <Row>
      <Cell isRowHeader className="w-1/3 max-w-44 sm:max-w-72">
        <RowLink href={`/apis/${api.id}`}>
          <span title={api.name} className="block truncate">
            {api.name}
          </span>
        </RowLink>
      </Cell>
      <Cell muted className="hidden max-w-28 md:table-cell">
        <span title={api.version} className="block truncate">
          {api.version}
        </span>
      </Cell>
      <Cell mono className="max-w-44 sm:max-w-64">
        <span title={api.contextPath} className="block truncate">
          {api.contextPath}
        </span>
      </Cell>
      <Cell className="whitespace-nowrap">{api.protection ? <ProtectionMark protection={api.protection} /> : <span className="text-muted">None yet</span>}</Cell>
      <Cell className="whitespace-nowrap">
        <span className="inline-flex items-center gap-3">
          <ApiStateMark api={api} />
          {api.activeDeployment && api.undeployedChanges && <StateMark meaning="pending">Undeployed changes</StateMark>}
        </span>
      </Cell>
      <Cell align="right" muted className="hidden lg:table-cell">
        <When at={api.updatedAt} />
      </Cell>
    </Row>
  );
}

/** The APIs, a row each. Protection is that of what runs, because that is what callers meet. */
export function ApiTable({ apis }: { apis: readonly ApiView[] }) {
  return (
    <Table label="APIs">
      <TableHead>
        <Column>Name</Column>
        <Column className="hidden md:table-cell">Version</Column>
        <Column>Context path</Column>
        <Column>Protection</Column>
        <Column>State</Column>
        <Column align="right" className="hidden lg:table-cell">
          Updated
        </Column>
      </TableHead>
      <TableBody>
        {apis.map((api) => (
          <ApiRow key={api.id} api={api} />
        ))}
      </TableBody>
    </Table>
  );
}
