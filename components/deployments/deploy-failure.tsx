"use client";

import { ApiProblem, isOutdated, messageOf } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";

/** Explains why the draft wasn't deployed. After 412, offers to reload the changes. */
export function DeployFailure({ error, onReload }: { error: unknown; onReload: () => void }) {
  const status = error instanceof ApiProblem ? error.status : 0;
  const requestId = error instanceof ApiProblem ? error.requestId : undefined;
  if (isOutdated(error)) {
    return (
      <Banner
        meaning="failing"
        isAlert
        title="Nothing was deployed. The draft changed since you opened this dialog."
        actions={<Button onPress={onReload}>Reload changes</Button>}
      >
        {error.message}
      </Banner>
    );
  }
  return (
    <Banner meaning="failing" isAlert title={status === 503 ? "This gateway couldn't load the deployment." : "Nothing was deployed."}>
      {messageOf(error)}
      {requestId && (
        <span className="block text-muted text-xs">
          Request <code>{requestId}</code>
        </span>
      )}
    </Banner>
  );
}
