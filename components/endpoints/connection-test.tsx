"use client";

import { PlugZap } from "lucide-react";
import { messageOf, problemsIn } from "@/components/data/client";
import type { useTestConnection } from "@/components/data/endpoints";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import type { Endpoint, EnvironmentName } from "@/lib/definition/schema";
import { ConnectionResult } from "./connection-result";
import { testsTheSame } from "./tests-the-same";

interface ConnectionTestProps {
  environment: EnvironmentName;
  /** The endpoint as edited. */
  endpoint: Endpoint;
  test: ReturnType<typeof useTestConnection>;
}

/** Tests the endpoint as edited, before saving or deploying. */
export function ConnectionTest({ environment, endpoint, test }: ConnectionTestProps) {
  const problems = problemsIn(test.error);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          icon={<PlugZap aria-hidden className="size-4" />}
          isPending={test.isPending}
          onPress={() => !test.isRunning() && test.mutate(endpoint)}
          aria-label={`Test connection of the ${environment} endpoint`}
        >
          Test connection
        </Button>
        <p className="min-w-0 flex-1 basis-48 text-muted text-xs">
          {endpoint.security.type === "oauth2"
            ? "Requests one token from the token endpoint and discards it."
            : "Sends one GET to the backend, as a gateway would."}{" "}
          Nothing is saved.
        </p>
      </div>
      <div aria-live="polite" className="contents">
        {test.data && (
          <ConnectionResult result={test.data} isOld={test.variables !== undefined && !testsTheSame(test.variables, endpoint)} />
        )}
        {test.error && (
          <Banner meaning="failing" title="The connection wasn't tested.">
            {problems.length > 0 ? "Fix the marked fields, then test again." : messageOf(test.error)}
          </Banner>
        )}
      </div>
    </div>
  );
}
