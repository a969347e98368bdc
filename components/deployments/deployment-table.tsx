"use client";

import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Cell, Column, Row, RowLink, Table, TableBody, TableHead } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { DeploymentView } from "@/lib/management/contract/apis";
import { RollbackDialog } from "./rollback-dialog";

interface DeploymentTableProps {
  apiId: string;
  deployments: readonly DeploymentView[];
}

/** Lists the deployments, newest first, with links to their changes. */
export function DeploymentTable({ apiId, deployments }: DeploymentTableProps) {
  const [rollbackTo, setRollbackTo] = useState<number | null>(null);
  return (
    <>
      <Table label="Deployments">
        <TableHead>
          <Column>Number</Column>
          <Column>State</Column>
          <Column>Label</Column>
          <Column className="hidden md:table-cell">Deployed by</Column>
          <Column className="hidden sm:table-cell">When</Column>
          <Column hideLabel>Actions</Column>
        </TableHead>
        <TableBody>
          {deployments.map((deployment) => (
            <Row key={deployment.number}>
              <Cell isRowHeader className="w-20 min-w-0! tabular-nums">
                <RowLink href={`/apis/${apiId}/deployments/${deployment.number}`}>
                  <span className="sr-only">Deployment </span>
                  {deployment.number}
                </RowLink>
              </Cell>
              <Cell className="w-24">{deployment.active && <Badge>Active</Badge>}</Cell>
              <Cell className="w-1/2 max-w-28 sm:max-w-64">
                <span title={deployment.label} className="block truncate">
                  {deployment.label || <span className="text-muted">No label</span>}
                </span>
              </Cell>
              <Cell muted className="hidden max-w-40 md:table-cell">
                <span title={deployment.createdBy} className="block truncate">
                  {deployment.createdBy}
                </span>
              </Cell>
              <Cell muted className="hidden sm:table-cell">
                <When at={deployment.createdAt} />
              </Cell>
              <Cell align="right">
                {!deployment.active && (
                  <Button
                    size="small"
                    className="z-1"
                    onPress={() => setRollbackTo(deployment.number)}
                    aria-label={`Roll back to deployment ${deployment.number}`}
                  >
                    Roll back
                  </Button>
                )}
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
      {rollbackTo !== null && <RollbackDialog key={rollbackTo} apiId={apiId} number={rollbackTo} onClose={() => setRollbackTo(null)} />}
    </>
  );
}
