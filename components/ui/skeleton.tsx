import { cx } from "./cx";

/** Placeholder for a loading line. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("block h-3 animate-pulse rounded-sm bg-line", className)} />;
}

/** Placeholder for a loading list, announced to screen readers. */
export function SkeletonRows({ rows = 5, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are identical and never move.
        <div key={index} className="flex h-9 items-center gap-6 border-line border-b">
          <Skeleton className="w-40" />
          <Skeleton className="w-56" />
          <Skeleton className="ml-auto w-20" />
        </div>
      ))}
    </div>
  );
}
