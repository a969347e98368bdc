"use client";

import { ApiProblem, isOutdated, messageOf } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";

/** Why the draft was not deployed. After 412 it offers to look again, because someone else saved in the meantime. */
export function DeployFailure({ error, onReload }: { error: unknown; onReload: () => void }) {
  const status = error instanceof ApiProblem ? error.status : 0;
  const requestId = error instanceof ApiProblem ? error.requestId : undefined;
  if (isOutdated(error)) {
    return (
      <Banner
        meaning="failing"
        isAlert
        title="Nothing was deployed: the draft has changed since you opened this."
        actions={<Button onPress={onReload}>Show the changes again</Button>}
      >
        {error.message}
      </Banner>
    );
  }
  return (
    <Banner meaning="failing" isAlert title={status === 503 ? "The gateway could not take it over." : "Nothing was deployed."}>
      {messageOf(error)}
      {requestId && (
        <span className="block text-muted text-xs">
          Request <code>{requestId}</code>
        </span>
      )}
    </Banner>
  );
}
