import type { ReactNode } from "react";

/** A short fact next to a name, such as "sandbox" or "v1.0.0". For states, use StateMark. */
export function Badge({ children }: { children: ReactNode }) {
  return (
    <span className="inline-flex h-5 items-center whitespace-nowrap rounded-sm border border-line px-1.5 font-medium text-muted text-xs">
      {children}
    </span>
  );
}
