"use client";

import { ApplicationStateMark } from "@/components/applications/application-state-mark";
import { useApplications } from "@/components/data/authorization";
import { LoadFailure } from "@/components/data/load-failure";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button-link";
import { Section } from "@/components/ui/page-body";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Column, Row, RowLink, Table, TableBody, TableHead } from "@/components/ui/table";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";

/** Lists the applications of an authorization server. */
export function ServerApplicationsSection({ server }: { server: AuthorizationServerView }) {
  const applications = useApplications();
  const mine = applications.data?.filter((application) => application.authorizationServer === server.id);
  return (
    <Section
      title="Applications"
      actions={<ButtonLink href={`/applications/new?server=${encodeURIComponent(server.id)}`}>Create application</ButtonLink>}
    >
      {mine ? (
        mine.length === 0 ? (
          <p className="border-line border-y border-dashed py-4 text-muted">No applications yet.</p>
        ) : (
          <Table label="Applications">
            <TableHead>
              <Column>Name</Column>
              <Column>Environment</Column>
              <Column>State</Column>
            </TableHead>
            <TableBody>
              {mine.map((application) => (
                <Row key={application.id}>
                  <Cell isRowHeader className="max-w-56">
                    <RowLink href={`/applications/${application.id}`}>
                      <span title={application.name} className="block truncate">
                        {application.name}
                      </span>
                    </RowLink>
                  </Cell>
                  <Cell>
                    <Badge>{application.environment}</Badge>
                  </Cell>
                  <Cell>
                    <ApplicationStateMark isEnabled={application.enabled} />
                  </Cell>
                </Row>
              ))}
            </TableBody>
          </Table>
        )
      ) : applications.isError ? (
        <LoadFailure title="Couldn't load the applications." query={applications} />
      ) : (
        <SkeletonRows rows={2} label="Loading the applications" />
      )}
    </Section>
  );
}
