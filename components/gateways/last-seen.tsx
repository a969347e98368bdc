"use client";

import { useNow } from "@/components/token/use-now";
import { formatMoment } from "@/components/ui/format-time";
import { When } from "@/components/ui/when";

/** When a gateway was heard from last: by the second within the first minute, in which it is decided whether it is away. */
export function LastSeen({ at }: { at: string }) {
  const elapsedMs = useNow(true) - new Date(at).getTime();
  if (elapsedMs >= 60_000) return <When at={at} />;
  return (
    <time dateTime={at} title={formatMoment(at)} className="whitespace-nowrap tabular-nums">
      {Math.max(0, Math.round(elapsedMs / 1000))} s ago
    </time>
  );
}
