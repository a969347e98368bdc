"use client";

import { FailedPage } from "@/components/shell/failed-page";

/** Replaces a page that failed. */
export default function PageError({ error }: { error: Error & { digest?: string } }) {
  return <FailedPage digest={error.digest} />;
}
