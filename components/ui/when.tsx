"use client";

import { useEffect, useState } from "react";
import { formatAgo, formatMoment } from "./format-time";

/** Refresh interval of "5 min ago". */
const REFRESH_MS = 30_000;

/** A relative time ("5 min ago") with the exact moment on hover. */
export function When({ at }: { at: string }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={formatMoment(at)} className="whitespace-nowrap">
      {formatAgo(at, nowMs)}
    </time>
  );
}
