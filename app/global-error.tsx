"use client";

import "./globals.css";
import { FailedPage } from "@/components/shell/failed-page";

/** Replaces a page if the root layout failed; renders its own document. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>Page failed to load · Gatewright</title>
        <FailedPage digest={error.digest} />
      </body>
    </html>
  );
}
