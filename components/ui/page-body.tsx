import type { ReactNode } from "react";
import { cx } from "./cx";

/** The content area below a page header. */
export function PageBody({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx("flex flex-col gap-8 px-4 pb-16 lg:px-6", className)}>{children}</div>;
}

export interface SectionProps {
  title: string;
  /** A badge or state next to the title. */
  state?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A titled section of a page. */
export function Section({ title, state, description, actions, children }: SectionProps) {
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h2 className="text-lg">{title}</h2>
            {state}
          </div>
          {description && <p className="max-w-measure text-muted">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
