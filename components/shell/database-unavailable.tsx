"use client";

import { useEffect } from "react";
import { ErrorState } from "@/components/ui/error-state";

const RETRY_MS = 3000;

/** Answers 503 while the database can't be read, to anyone. */
const PROBE = "/api/auth/session";

/** What stands in place of a page while the database can't be read. It loads the page again as soon as it can. */
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
        message="Gateways keep serving what is deployed. This page retries every 3 seconds and opens when the database responds."
        onRetry={() => window.location.reload()}
      />
    </main>
  );
}
