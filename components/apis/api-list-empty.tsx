"use client";

import { messageOf, problemsIn } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { useHasSamples } from "./samples-context";
import { useCreateEcho } from "./use-create-echo";

/** What a newcomer sees: one sentence, and an API that works without anything else. */
export function ApiListEmpty() {
  const hasSamples = useHasSamples();
  const { createEcho, isPending, error } = useCreateEcho();
  return (
    <EmptyState
      action={
        <div className="flex flex-col items-start gap-3">
          <div className="flex flex-wrap items-center gap-2">
            {hasSamples && (
              <Button variant="primary" isPending={isPending} onPress={createEcho}>
                Create API on the sample backend
              </Button>
            )}
            <ButtonLink href="/apis/new" variant={hasSamples ? "secondary" : "primary"}>
              Create API
            </ButtonLink>
            <ButtonLink href="/apis/import" variant="quiet">
              Import API
            </ButtonLink>
          </div>
          {error !== null && (
            <Banner meaning="failing" isAlert title="The API was not created.">
              {problemsIn(error)[0]?.message ?? messageOf(error)}
            </Banner>
          )}
        </div>
      }
    >
      An API puts the gateway in front of your backend
      {hasSamples && "; start with one on the sample backend, which echoes what it receives"}.
    </EmptyState>
  );
}
