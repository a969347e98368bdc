"use client";

import { useEffect } from "react";
import { ErrorState } from "@/components/ui/error-state";

const RETRY_MS = 3000;

/** Returns 503 to everyone while the database is unreachable. */
const PROBE = "/api/auth/session";

/** Replaces a page while the database is unreachable; reloads the page once it responds. */
export function DatabaseUnavailable() {
  useEffect(() => {
    const timer = setInterval(async () => {
      const isBack = await fetch(PROBE, { cache: "no-store" }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isBack) window.location.reload();
    }, RETRY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <main className="mx-auto flex min-h-dvh max-w-measure flex-col justify-center px-6">
      <h1 className="sr-only">Database unreachable</h1>
      <ErrorState
        title="The database is unreachable"
        message="Gateways keep serving deployments. This page retries every 3 seconds."
        onRetry={() => window.location.reload()}
      />
    </main>
  );
}
