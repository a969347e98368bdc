"use client";

import { useState } from "react";
import { ProtectionMark } from "@/components/apis/protection-mark";
import type { DeploymentDetails } from "@/components/data/deployments";
import { isReadable } from "@/components/data/readable";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { StateMark } from "@/components/ui/state-mark";
import { When } from "@/components/ui/when";
import { protectionOf } from "@/lib/definition/protection";
import { registry } from "@/lib/gateway/schemas";
import { LiveOn } from "./live-on";
import { RollbackDialog } from "./rollback-dialog";

/** Shows a deployment's number, state, author, and label, with a rollback button. */
export function DeploymentHead({ apiId, deployment }: { apiId: string; deployment: DeploymentDetails }) {
  const [isRollingBack, setIsRollingBack] = useState(false);
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <Link href={`/apis/${apiId}/deployments`} quiet className="font-normal text-muted text-xs">
          All deployments
        </Link>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="text-lg">Deployment {deployment.number}</h2>
          {deployment.active && <Badge>Active</Badge>}
          {isReadable(deployment.definition) ? (
            <ProtectionMark protection={protectionOf(deployment.definition, registry)} />
          ) : (
            <StateMark meaning="failing">Unreadable</StateMark>
          )}
        </div>
        {deployment.active && <LiveOn apiId={apiId} number={deployment.number} />}
        {deployment.label && <p className="max-w-measure [overflow-wrap:anywhere]">{deployment.label}</p>}
        <p className="text-muted text-xs">
          By {deployment.createdBy}, <When at={deployment.createdAt} />
          {deployment.restores !== null && (
            <>
              {", restores "}
              <Link href={`/apis/${apiId}/deployments/${deployment.restores}`}>{`deployment ${deployment.restores}`}</Link>
            </>
          )}
        </p>
      </div>
      {!deployment.active && <Button onPress={() => setIsRollingBack(true)}>{`Roll back to deployment ${deployment.number}`}</Button>}
      {isRollingBack && <RollbackDialog apiId={apiId} number={deployment.number} onClose={() => setIsRollingBack(false)} />}
    </div>
  );
}
