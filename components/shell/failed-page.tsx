"use client";

import { ErrorState } from "@/components/ui/error-state";

interface FailedPageProps {
  /** By which the log names a failure on the server. */
  digest?: string | undefined;
}

/** What stands in place of a page that failed, with the way to load it again. */
export function FailedPage({ digest }: FailedPageProps) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-measure flex-col justify-center px-6">
      <h1 className="sr-only">The page failed</h1>
      <ErrorState
        title="The page failed"
        message="Load it again. If it fails again, the log says why."
        requestId={digest}
        onRetry={() => window.location.reload()}
      />
    </main>
  );
}
