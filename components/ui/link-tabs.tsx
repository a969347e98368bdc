"use client";

import { usePathname } from "next/navigation";
import { cx } from "./cx";
import { PlainLink } from "./link";

export interface LinkTab {
  href: string;
  label: string;
  /** A short word or number after the label. */
  note?: string;
  /** Current only on this exact path, for a tab whose path is a prefix of others. */
  exact?: boolean;
}

/** Scrolls the current tab into view. */
function reveal(tab: HTMLAnchorElement | null) {
  tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Tabs that link to routes; marks the current page. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly LinkTab[] }) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className="overflow-x-auto overflow-y-hidden border-line border-b px-4 lg:px-6">
      <ul className="flex gap-5">
        {tabs.map((tab) => {
          const current = pathname === tab.href || (!tab.exact && pathname.startsWith(`${tab.href}/`));
          return (
            <li key={tab.href}>
              <PlainLink
                href={tab.href}
                ref={current ? reveal : undefined}
                aria-current={current ? "page" : undefined}
                className={cx(
                  "-mb-px flex h-9 items-center gap-1.5 whitespace-nowrap border-b-2 font-medium outline-offset-[-2px] transition-colors",
                  current ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
                )}
              >
                {tab.label}
                {tab.note && <span className="text-muted text-xs tabular-nums">{tab.note}</span>}
              </PlainLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
