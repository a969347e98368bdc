import type { ReactNode } from "react";
import { MeaningShape } from "@/components/ui/state-mark";

/** The sticky bar below an API's header while its draft differs from the active deployment. */
export function DeployBar({ message, actions }: { message: ReactNode; actions: ReactNode }) {
  return (
    <section
      aria-label="Undeployed changes"
      className="sticky top-0 z-20 [&:has(~*_[data-draft-bar])]:static flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b bg-pending-soft px-4 py-2 lg:px-6"
    >
      <MeaningShape meaning="pending" />
      <p role="status" className="min-w-0 flex-1 font-medium">
        {message}
      </p>
      <div className="flex flex-wrap gap-2">{actions}</div>
    </section>
  );
}
