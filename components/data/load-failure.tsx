"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { ErrorState } from "@/components/ui/error-state";
import { ApiProblem, messageOf } from "./client";

/** Replaces content that failed to load; `title` names it. */
export function LoadFailure({ title, query }: { title: string; query: Pick<UseQueryResult, "error" | "refetch" | "isFetching"> }) {
  const requestId = query.error instanceof ApiProblem ? query.error.requestId : undefined;
  return (
    <ErrorState
      title={title}
      message={messageOf(query.error)}
      requestId={requestId}
      onRetry={() => void query.refetch()}
      isRetrying={query.isFetching}
    />
  );
}
