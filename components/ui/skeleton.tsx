import { cx } from "./cx";

/** The place of one line that is being loaded. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("block h-3 animate-pulse rounded-sm bg-line", className)} />;
}

/** The place of a list that is being loaded; says so to screen readers. */
export function SkeletonRows({ rows = 5, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never change places.
        <div key={index} className="flex h-9 items-center gap-6 border-line border-b">
          <Skeleton className="w-40" />
          <Skeleton className="w-56" />
          <Skeleton className="ml-auto w-20" />
        </div>
      ))}
    </div>
  );
}
