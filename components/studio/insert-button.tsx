import { Plus } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { Lane } from "@/components/draft/edits";
import { cx } from "@/components/ui/cx";
import { Tooltip } from "@/components/ui/tooltip";
import { useStudioActions } from "./studio-context";

interface InsertButtonProps {
  lane: Lane;
  index: number;
  /** Whether the lane is empty: the button then has a text label. */
  isOnly?: boolean;
}

/** A button that adds a policy at one position of a lane. */
export function InsertButton({ lane, index, isOnly = false }: InsertButtonProps) {
  const { openCatalogue } = useStudioActions();
  const label = `Add policy at position ${index + 1} of the ${lane.phase}`;
  return (
    <div data-no-drag="" className={cx("flex shrink-0 justify-center group-data-dragging/plate:invisible", isOnly ? "px-4" : "w-9")}>
      <Tooltip content={label}>
        <AriaButton
          aria-label={label}
          data-insert={`${lane.phase}.${index}`}
          onPress={() => openCatalogue({ lane, index })}
          className={cx(
            "relative flex h-6 cursor-default items-center justify-center gap-1.5 border border-line-strong bg-surface text-muted transition-colors hover:border-accent hover:bg-accent hover:text-on-accent focus-visible:border-accent focus-visible:text-ink",
            isOnly ? "h-8 rounded-control border-dashed px-3 font-medium hover:border-solid" : "w-6 rounded-full",
          )}
        >
          <Plus aria-hidden className="size-3.5" />
          {isOnly && "Add policy"}
        </AriaButton>
      </Tooltip>
    </div>
  );
}
