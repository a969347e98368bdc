import { StateMark } from "@/components/ui/state-mark";
import { Cell, Column, Row, RowLink, Table, TableBody, TableHead } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { ApiView } from "@/lib/management/contract/apis";
import { ApiStateMark } from "./api-state-mark";
import { ProtectionMark } from "./protection-mark";

function StateMarks({ api }: { api: ApiView }) {
  return (
    <>
      <ApiStateMark api={api} />
      {api.deploymentProblems.length > 0 && <StateMark meaning="failing">Deployment has errors</StateMark>}
      {api.draftProblems.length > 0 && <StateMark meaning="failing">Draft has errors</StateMark>}
      {api.activeDeployment && api.undeployedChanges && <StateMark meaning="pending">Undeployed changes</StateMark>}
    </>
  );
}

function ApiRow({ api }: { api: ApiView }) {
  return (
    <Row>
      <Cell isRowHeader className="w-1/3 max-w-52 sm:max-w-72">
        <RowLink href={`/apis/${api.id}`}>
          <span title={api.name} className="block truncate">
            {api.name}
          </span>
        </RowLink>
        <span title={api.contextPath} className="mono block truncate text-muted sm:hidden">
          {api.contextPath}
        </span>
      </Cell>
      <Cell muted className="hidden max-w-28 md:table-cell">
        <span title={api.version} className="block truncate">
          {api.version}
        </span>
      </Cell>
      <Cell mono className="hidden max-w-64 sm:table-cell">
        <span title={api.contextPath} className="block truncate">
          {api.contextPath}
        </span>
      </Cell>
      <Cell className="whitespace-nowrap">
        {api.protection ? (
          <ProtectionMark protection={api.protection} />
        ) : (
          <span className="hidden text-muted sm:inline">Not deployed</span>
        )}
        <span className="flex flex-col sm:hidden">
          <StateMarks api={api} />
        </span>
      </Cell>
      <Cell className="hidden whitespace-nowrap sm:table-cell">
        <span className="inline-flex items-center gap-3">
          <StateMarks api={api} />
        </span>
      </Cell>
      <Cell align="right" muted className="hidden lg:table-cell">
        <When at={api.updatedAt} />
      </Cell>
    </Row>
  );
}

/** Lists the APIs, one per row. Protection is that of the active deployment. Narrow screens stack path and state. */
export function ApiTable({ apis }: { apis: readonly ApiView[] }) {
  return (
    <Table label="APIs">
      <TableHead>
        <Column>Name</Column>
        <Column className="hidden md:table-cell">Version</Column>
        <Column className="hidden sm:table-cell">Context path</Column>
        <Column>Protection</Column>
        <Column className="hidden sm:table-cell">State</Column>
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
