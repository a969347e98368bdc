"use client";

import { useId } from "react";
import type { Lane as LanePlace } from "@/components/draft/edits";
import type { FlowItem } from "@/components/draft/working-copy";
import { cx } from "@/components/ui/cx";
import type { Phase } from "@/lib/definition/registry";
import { InsertButton } from "./insert-button";
import { Plate } from "./plate";
import { REORDER_HELP } from "./reorder";
import { phaseNames, stepTitle } from "./step-words";
import { useStudioActions } from "./studio-context";
import { useReorder } from "./use-reorder";

/** One phase of a flow as a line from client to backend or back, with a plate per step. */
export function Lane({ flow, phase }: { flow: FlowItem; phase: Phase }) {
  const { moveStepTo } = useStudioActions();
  const helpId = useId();
  const place: LanePlace = { flowKey: flow.key, phase };
  const steps = flow[phase];
  const isReversed = phase === "response";
  const reorder = useReorder({
    axis: "x",
    isReversed,
    keys: steps.map(({ key }) => key),
    titleOf: (key) => {
      const step = steps.find((candidate) => candidate.key === key);
      return step ? stepTitle(step) : "";
    },
    noun: "step",
    onMove: (key, to) => moveStepTo(place, key, to),
  });
  const row = isReversed ? "flex-row-reverse" : "flex-row";
  return (
    <section aria-label={phaseNames[phase]} className="flex flex-col py-3 first:pt-0 last:pb-0">
      <h3 className={cx("flex items-center gap-2 px-3 pb-2 font-medium text-muted text-xs", isReversed && "justify-end")}>
        {phaseNames[phase]}
        <span className="font-normal tabular-nums">
          {steps.length === 0 ? "no steps" : steps.length === 1 ? "1 step" : `${steps.length} steps`}
        </span>
      </h3>
      <div className={cx("relative flex min-h-30 items-center", row)}>
        <Wire isReversed={isReversed} />
        <ol aria-label={`${phaseNames[phase]} steps`} ref={reorder.listRef} className={cx("flex items-center", row)}>
          {steps.map((step, index) => (
            <Plate
              key={step.key}
              step={step}
              index={index}
              count={steps.length}
              lane={place}
              flowEnabled={flow.enabled}
              reorder={reorder}
              helpId={helpId}
            />
          ))}
        </ol>
        <InsertButton lane={place} index={steps.length} isOnly={steps.length === 0} />
      </div>
      <p id={helpId} className="sr-only">
        {REORDER_HELP}
      </p>
      <p role="status" className="sr-only">
        {reorder.announcement}
      </p>
    </section>
  );
}

/** The line behind the plates; its arrow shows the direction. */
function Wire({ isReversed }: { isReversed: boolean }) {
  return (
    <span aria-hidden className="absolute inset-x-0 top-1/2 h-px bg-line-strong">
      <svg
        aria-hidden
        viewBox="0 0 8 10"
        className={cx("-top-[4.5px] absolute h-[10px] w-2 text-line-strong", isReversed ? "left-0 rotate-180" : "right-0")}
      >
        <path d="M0 0 8 5 0 10Z" fill="currentColor" />
      </svg>
    </span>
  );
}
