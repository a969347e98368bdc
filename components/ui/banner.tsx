import type { ReactNode } from "react";
import { cx } from "./cx";
import { type Meaning, MeaningShape } from "./state-mark";

const softs: Record<Meaning, string> = {
  open: "bg-open-soft",
  guarded: "bg-guarded-soft",
  scoped: "bg-scoped-soft",
  failing: "bg-failing-soft",
  pending: "bg-pending-soft",
  neutral: "bg-sunken",
};

export interface BannerProps {
  meaning: Meaning;
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Interrupts screen readers; for failures that follow an action. */
  isAlert?: boolean;
}

/** A message about the whole page or form. */
export function Banner({ meaning, title, children, actions, isAlert = false }: BannerProps) {
  return (
    <div
      role={isAlert ? "alert" : undefined}
      className={cx("flex flex-wrap items-start gap-x-4 gap-y-2 rounded-control px-3 py-2", softs[meaning])}
    >
      <MeaningShape meaning={meaning} className="mt-1.5" />
      <div className="min-w-0 flex-1 basis-60">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className="max-w-measure">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
