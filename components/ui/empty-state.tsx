import type { ReactNode } from "react";

/** An empty list's content: one sentence and one action. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-4 border-line border-y border-dashed py-10">
      <p className="max-w-measure text-base text-muted">{children}</p>
      {action}
    </div>
  );
}
