import type { ReactNode } from "react";
import { Link } from "./link";

export interface PageHeaderProps {
  title: string;
  /** The parent page, linked above the title. */
  parent?: { href: string; label: string };
  /** State marks next to the title. */
  state?: ReactNode;
  /** Facts below the title: paths, versions, IDs. */
  meta?: ReactNode;
  /** Buttons; the primary one last. */
  actions?: ReactNode;
}

/** A page's title, state, facts, and actions. */
export function PageHeader({ title, parent, state, meta, actions }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-end gap-x-6 gap-y-3 px-4 pt-5 pb-4 lg:px-6">
      <div className="min-w-0 flex-1 basis-72">
        {parent && (
          <Link href={parent.href} quiet className="font-normal text-muted text-xs">
            {parent.label}
          </Link>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl [overflow-wrap:anywhere]">{title}</h1>
          {state}
        </div>
        {meta && <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">{meta}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
