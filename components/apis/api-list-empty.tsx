"use client";

import { messageOf, problemsIn } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { useHasSamples } from "./samples-context";
import { useCreateEcho } from "./use-create-echo";

/** The empty API list: one sentence, and a way to create an API on the sample backend. */
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
            <Banner meaning="failing" isAlert title="The API wasn't created.">
              {problemsIn(error)[0]?.message ?? messageOf(error)}
            </Banner>
          )}
        </div>
      }
    >
      An API puts the gateway in front of your backend
      {hasSamples && ". Start with one on the sample backend, which echoes each request"}.
    </EmptyState>
  );
}
