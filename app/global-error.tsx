"use client";

import "./globals.css";
import { FailedPage } from "@/components/shell/failed-page";

/** The same where not even what all pages stand in could be made: it brings its own document. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>The page failed · Gatewright</title>
        <FailedPage digest={error.digest} />
      </body>
    </html>
  );
}
