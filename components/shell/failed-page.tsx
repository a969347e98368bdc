"use client";

import { ErrorState } from "@/components/ui/error-state";

interface FailedPageProps {
  /** Identifies a server error in the log. */
  digest?: string | undefined;
}

/** Replaces a page that failed, with a button to reload it. */
export function FailedPage({ digest }: FailedPageProps) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-measure flex-col justify-center px-6">
      <h1 className="sr-only">This page failed to load</h1>
      <ErrorState
        title="This page failed to load"
        message="Reload it. If it fails again, check the log."
        requestId={digest}
        onRetry={() => window.location.reload()}
      />
    </main>
  );
}
