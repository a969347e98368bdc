"use client";

import { useEffect, useState } from "react";
import { formatAgo, formatMoment } from "./format-time";

/** How often "5 min ago" is looked at again. */
const REFRESH_MS = 30_000;

/** A point in time as people say it ("5 min ago"), with the exact moment on hover and for machines. */
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
