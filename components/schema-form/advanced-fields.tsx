"use client";

import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";

interface AdvancedFieldsProps {
  hasError: boolean;
  isChanged: boolean;
  /** One level below the enclosing heading. */
  headingLevel?: 2 | 3;
  /** Set it if a page has several. */
  label?: string;
  children: ReactNode;
}

/** Collapses rarely used fields. Expands on an error, and starts expanded if a field differs from its default. */
export function AdvancedFields({ hasError, isChanged, headingLevel = 3, label = "Advanced", children }: AdvancedFieldsProps) {
  const [isOpen, setIsOpen] = useState(isChanged);
  // An error keeps it expanded: fixing the error must not hide the focused field.
  if (hasError && !isOpen) setIsOpen(true);
  return (
    <Disclosure isExpanded={isOpen} onExpandedChange={setIsOpen} className="group border-line border-t pt-3">
      <Heading level={headingLevel} className="text-sm">
        <Button slot="trigger" className="-ml-1 flex h-6 items-center gap-1 rounded-sm pr-2 font-medium text-muted hover:text-ink">
          <ChevronRight aria-hidden className="size-4 transition-[rotate] group-data-expanded:rotate-90" />
          {label}
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className="flex flex-col gap-5 pt-4">{children}</div>
      </DisclosurePanel>
    </Disclosure>
  );
}
