"use client";

import { usePathname } from "next/navigation";
import { cx } from "@/components/ui/cx";
import { PlainLink } from "@/components/ui/link";
import { sections } from "./sections";

/** Lists the console's sections and marks the current one. */
export function SectionNav() {
  const pathname = usePathname();
  return (
    <nav aria-label="Sections">
      <ul className="flex flex-col gap-0.5">
        {sections.map(({ href, label, icon: Icon }) => {
          const current = pathname === href || pathname.startsWith(`${href}/`);
          return (
            <li key={href}>
              <PlainLink
                href={href}
                aria-current={current ? "page" : undefined}
                className={cx(
                  "relative flex h-8 items-center gap-2.5 rounded-control px-2.5 transition-colors",
                  current ? "bg-raised font-medium text-ink ring-1 ring-line" : "text-muted hover:text-ink",
                )}
              >
                <Icon aria-hidden className={cx("size-4 shrink-0", current && "text-accent")} strokeWidth={1.75} />
                {label}
              </PlainLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
