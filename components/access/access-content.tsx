import { Button } from "@/components/ui/button";
import type { AccessOperationView, AccessView } from "@/lib/management/contract/access";
import { AccessSummary } from "./access-summary";
import { OperationList } from "./operation-list";
import type { FlowOf } from "./requirements";

interface AccessContentProps {
  access: AccessView;
  flowOf: FlowOf;
  /** Absent where nothing can be changed from here. */
  onRequireToken: (() => void) | undefined;
  onAllowAnonymous: ((operation: AccessOperationView) => void) | undefined;
}

/** Shows the access levels of one definition: the summary, then the operations. */
export function AccessContent({ access, flowOf, onRequireToken, onAllowAnonymous }: AccessContentProps) {
  const isAllGuarded = access.everythingElse !== "anonymous" && access.operations.every((operation) => operation.access !== "anonymous");
  return (
    <>
      <AccessSummary
        access={access}
        actions={onRequireToken && !isAllGuarded && <Button onPress={onRequireToken}>Require a token for all operations</Button>}
      />
      {access.operations.length > 0 && <OperationList access={access} flowOf={flowOf} onAllowAnonymous={onAllowAnonymous} />}
    </>
  );
}
