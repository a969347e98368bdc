"use client";

import { GripVertical } from "lucide-react";
import { memo } from "react";
import type { FlowItem } from "@/components/draft/working-copy";
import { cx } from "@/components/ui/cx";
import { MeaningShape } from "@/components/ui/state-mark";
import { FlowMatch } from "./flow-match";
import { FlowMenu } from "./flow-menu";
import { flowState, flowTitle } from "./step-words";
import { useStudioActions } from "./studio-context";
import type { Reorder } from "./use-reorder";

interface FlowRowProps {
  flow: FlowItem;
  index: number;
  count: number;
  isSelected: boolean;
  problemCount: number;
  /** Whether a flow without a token check lets requests pass unchecked. */
  isOpenUnchecked: boolean;
  reorder: Reorder;
  helpId: string;
}

/** One flow of the list: its match and its protection. */
export const FlowRow = memo(FlowRowView, isSameRow);

/** Skips rendering unchanged rows: a list can have 200. Handlers read the current state when called. */
function isSameRow(a: FlowRowProps, b: FlowRowProps): boolean {
  return (
    a.flow === b.flow &&
    a.index === b.index &&
    a.count === b.count &&
    a.isSelected === b.isSelected &&
    a.problemCount === b.problemCount &&
    a.isOpenUnchecked === b.isOpenUnchecked &&
    a.reorder.dropSide(a.flow.key) === b.reorder.dropSide(b.flow.key) &&
    !a.reorder.isMoving(a.flow.key) &&
    !b.reorder.isMoving(b.flow.key)
  );
}

function FlowRowView({ flow, index, count, isSelected, problemCount, isOpenUnchecked, reorder, helpId }: FlowRowProps) {
  const { selectFlow } = useStudioActions();
  const title = flowTitle(flow);
  const state =
    problemCount > 0
      ? { meaning: "failing" as const, word: problemCount === 1 ? "1 problem" : `${problemCount} problems` }
      : flowState(flow, isOpenUnchecked);
  const dropSide = reorder.dropSide(flow.key);
  return (
    <li
      {...reorder.itemProps(flow.key)}
      className={cx(
        "group/row relative flex items-start gap-1 py-2 pr-1 pl-1 transition-colors lg:pl-3",
        isSelected ? "bg-sunken" : "hover:bg-sunken/60",
        "data-dragging:bg-raised data-dragging:shadow-float data-lifted:bg-raised data-lifted:shadow-float",
        dropSide === "before" && "before:absolute before:inset-x-2 before:-top-px before:h-0.5 before:rounded-full before:bg-focus",
        dropSide === "after" && "after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 after:rounded-full after:bg-focus",
      )}
    >
      {isSelected && <span aria-hidden className="absolute inset-y-0 left-0 w-0.5 bg-accent" />}
      <button
        type="button"
        {...reorder.handleProps(flow.key)}
        aria-describedby={helpId}
        className="relative z-1 grid size-6 shrink-0 cursor-grab touch-none place-items-center rounded-sm text-line-strong hover:text-ink focus-visible:text-ink group-hover/row:text-muted"
      >
        <GripVertical aria-hidden className="size-3.5" />
      </button>
      <button
        type="button"
        data-flow={flow.key}
        aria-current={isSelected || undefined}
        onClick={() => selectFlow(flow.key)}
        className="min-w-0 flex-1 cursor-default text-left outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:outline-offset-[-2px]"
      >
        <span className="flex items-center gap-2 leading-6">
          <span className={cx("min-w-0 truncate font-medium", !flow.enabled && "text-muted")} title={title}>
            {title}
          </span>
        </span>
        <FlowMatch match={flow.match} className="block truncate text-muted" />
        <span className={cx("mt-0.5 flex items-center gap-1.5 text-xs", !flow.enabled && "text-muted")}>
          <MeaningShape meaning={state.meaning} className={state.meaning === "neutral" ? "" : "size-2"} />
          <span className={meaningText[state.meaning]}>{state.word}</span>
        </span>
      </button>
      <div data-no-drag="" className="relative z-1">
        <FlowMenu flow={flow} index={index} count={count} />
      </div>
    </li>
  );
}

const meaningText = {
  open: "text-open",
  guarded: "text-guarded",
  scoped: "text-scoped",
  failing: "text-failing",
  pending: "text-pending",
  neutral: "text-muted",
};
