import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { Cell, Column, Row, RowLink, Table, TableBody, TableHead } from "@/components/ui/table";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { ApplicationStateMark } from "./application-state-mark";

function ApplicationRow({ application }: { application: ApplicationView }) {
  const scopes = application.scopes.join(" ");
  return (
    <Row>
      <Cell isRowHeader className="w-1/4 max-w-40 sm:max-w-64">
        <RowLink href={`/applications/${application.id}`}>
          <span title={application.name} className="block truncate">
            {application.name}
          </span>
        </RowLink>
      </Cell>
      <Cell mono className="hidden whitespace-nowrap sm:table-cell">
        <span className="relative z-1 inline-flex items-center gap-1">
          {application.clientId}
          <CopyButton value={application.clientId} label={`Copy client ID of ${application.name}`} />
        </span>
      </Cell>
      <Cell>
        <Badge>{application.environment}</Badge>
      </Cell>
      <Cell mono className="hidden max-w-36 md:table-cell">
        <span title={application.authorizationServer} className="block truncate">
          {application.authorizationServer}
        </span>
      </Cell>
      <Cell mono={scopes !== ""} muted={scopes === ""} className="hidden max-w-56 lg:table-cell">
        <span title={scopes || undefined} className="block truncate">
          {scopes || "Any the policies allow"}
        </span>
      </Cell>
      <Cell>
        <ApplicationStateMark isEnabled={application.enabled} />
      </Cell>
    </Row>
  );
}

/** Lists the applications, one per row. */
export function ApplicationTable({ applications }: { applications: readonly ApplicationView[] }) {
  return (
    <Table label="Applications">
      <TableHead>
        <Column>Name</Column>
        <Column className="hidden sm:table-cell">Client ID</Column>
        <Column>Environment</Column>
        <Column className="hidden md:table-cell">Authorization server</Column>
        <Column className="hidden lg:table-cell">Scopes</Column>
        <Column>State</Column>
      </TableHead>
      <TableBody>
        {applications.map((application) => (
          <ApplicationRow key={application.id} application={application} />
        ))}
      </TableBody>
    </Table>
  );
}
