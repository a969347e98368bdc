import { CopyButton } from "@/components/ui/copy-button";
import { Cell, Column, Row, RowLink, Table, TableBody, TableHead } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";
import { ServerStateMark } from "./server-state-mark";

/** Lists the authorization servers, one per row. */
export function ServerTable({ servers }: { servers: readonly AuthorizationServerView[] }) {
  return (
    <Table label="Authorization servers">
      <TableHead>
        <Column>Name</Column>
        <Column>Audience</Column>
        <Column className="hidden sm:table-cell">Issuer</Column>
        <Column>State</Column>
        <Column align="right" className="hidden lg:table-cell">
          Created
        </Column>
      </TableHead>
      <TableBody>
        {servers.map((server) => (
          <Row key={server.id}>
            <Cell isRowHeader className="w-1/4 max-w-40 sm:max-w-64">
              <RowLink href={`/authorization-servers/${server.id}`}>
                <span title={server.name} className="block truncate">
                  {server.name}
                </span>
              </RowLink>
            </Cell>
            <Cell mono className="max-w-48">
              <span title={server.audience} className="block truncate">
                {server.audience}
              </span>
            </Cell>
            <Cell mono className="hidden max-w-96 sm:table-cell">
              <span className="relative z-1 flex items-center gap-1">
                <span title={server.issuer} className="truncate">
                  {server.issuer}
                </span>
                <CopyButton value={server.issuer} label={`Copy issuer of ${server.name}`} />
              </span>
            </Cell>
            <Cell>
              <ServerStateMark isEnabled={server.enabled} />
            </Cell>
            <Cell align="right" muted className="hidden lg:table-cell">
              <When at={server.createdAt} />
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
