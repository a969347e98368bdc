"use client";

import { FailedPage } from "@/components/shell/failed-page";

/** What stands in place of a page that failed. */
export default function PageError({ error }: { error: Error & { digest?: string } }) {
  return <FailedPage digest={error.digest} />;
}
