"use client";

import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";

interface AdvancedFieldsProps {
  hasError: boolean;
  isChanged: boolean;
  /** One below the heading that they stand under. */
  headingLevel?: 2 | 3;
  /** Where a page has several of them. */
  label?: string;
  children: ReactNode;
}

/** Fields that most people leave alone, folded; it unfolds for an error and starts unfolded when one of them was changed. */
export function AdvancedFields({ hasError, isChanged, headingLevel = 3, label = "Advanced", children }: AdvancedFieldsProps) {
  const [isOpen, setIsOpen] = useState(isChanged);
  // An error opens it for good, so that mending the error does not fold the field away under the caret.
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
