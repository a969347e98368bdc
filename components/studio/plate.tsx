"use client";

import { GripVertical } from "lucide-react";
import { useDraftEditor } from "@/components/draft/draft-editor";
import type { Lane } from "@/components/draft/edits";
import { problemsOfAnchor } from "@/components/draft/problems";
import type { StepItem } from "@/components/draft/working-copy";
import { cx } from "@/components/ui/cx";
import { MeaningShape } from "@/components/ui/state-mark";
import { InsertButton } from "./insert-button";
import { PlateGround } from "./plate-ground";
import { type MarkTone, PolicyMark } from "./policy-mark";
import { StepMenu } from "./step-menu";
import { stepSentence, stepTitle, stepTone } from "./step-words";
import { useStudio, useStudioActions } from "./studio-context";
import type { Reorder } from "./use-reorder";

interface PlateProps {
  step: StepItem;
  index: number;
  count: number;
  lane: Lane;
  flowEnabled: boolean;
  reorder: Reorder;
  helpId: string;
}

/** A step on its lane: policy icon, sentence, and state. Disabled: hollow; with problems: notched. */
export function Plate({ step, index, count, lane, flowEnabled, reorder, helpId }: PlateProps) {
  const { selection } = useStudio();
  const { selectStep } = useStudioActions();
  const { problems } = useDraftEditor();
  const own = problemsOfAnchor(problems, { kind: "step", flowKey: lane.flowKey, phase: lane.phase, key: step.key });
  const isSelected = selection?.step?.key === step.key;
  const isHollow = !step.enabled || !flowEnabled;
  const state = own.length > 0 ? "failing" : isHollow ? "hollow" : "plain";
  const tone: MarkTone = state === "plain" ? stepTone(step) : state;
  const dropSide = reorder.dropSide(step.key);
  const isReversed = lane.phase === "response";
  const title = stepTitle(step);
  const sentence = stepSentence(step);
  return (
    <li
      {...reorder.itemProps(step.key)}
      className={cx("group/plate relative flex items-center", isReversed && "flex-row-reverse", "data-dragging:cursor-grabbing")}
    >
      {dropSide && (
        <span
          aria-hidden
          className={cx(
            "absolute top-1 bottom-1 z-20 w-0.5 rounded-full bg-focus",
            (dropSide === "before") !== isReversed ? "left-[3px]" : "-right-[5px]",
          )}
        />
      )}
      <InsertButton lane={lane} index={index} />
      <div
        className={cx(
          "relative isolate flex h-30 w-40 flex-col p-2 outline-offset-2 has-[[data-step]:focus-visible]:outline-2 has-[[data-step]:focus-visible]:outline-focus",
          "rounded-control group-data-dragging/plate:shadow-float group-data-lifted/plate:shadow-float group-data-lifted/plate:outline-2 group-data-lifted/plate:outline-focus",
        )}
      >
        <PlateGround state={state} isSelected={isSelected} />
        <div className="relative z-1 mb-1 flex h-6 items-center gap-1">
          <PolicyMark policyId={step.policy} tone={tone} />
          <span className="text-muted text-xs tabular-nums">{index + 1}</span>
          <PlateState problemCount={own.length} isDisabled={!step.enabled} />
          <button
            type="button"
            {...reorder.handleProps(step.key)}
            aria-describedby={helpId}
            className="grid h-6 w-4 shrink-0 cursor-grab touch-none place-items-center rounded-sm text-line-strong hover:text-ink focus-visible:text-ink group-hover/plate:text-muted"
          >
            <GripVertical aria-hidden className="size-3.5" />
          </button>
          <div data-no-drag="" className="-mr-1">
            <StepMenu step={step} index={index} count={count} lane={lane} />
          </div>
        </div>
        <button
          type="button"
          data-step={step.key}
          aria-current={isSelected || undefined}
          onClick={(event) => selectStep(lane, step.key, { focus: event.detail === 0 })}
          className="flex min-h-0 flex-1 cursor-default flex-col text-left outline-none after:absolute after:inset-0"
        >
          <span className={cx("block truncate font-medium", isHollow && "text-muted")} title={title}>
            {title}
          </span>
          <span className="relative line-clamp-3 text-muted text-xs [overflow-wrap:anywhere]" title={sentence}>
            {sentence}
          </span>
          {!step.enabled && <span className="sr-only">, disabled</span>}
        </button>
      </div>
    </li>
  );
}

function PlateState({ problemCount, isDisabled }: { problemCount: number; isDisabled: boolean }) {
  if (problemCount === 0) return <span className="min-w-0 flex-1 truncate text-muted text-xs">{isDisabled && "Disabled"}</span>;
  return (
    <span
      className="flex min-w-0 flex-1 items-center gap-1 font-medium text-failing text-xs tabular-nums"
      title={problemCount === 1 ? "1 problem" : `${problemCount} problems`}
    >
      <MeaningShape meaning="failing" />
      {problemCount}
      <span className="sr-only">{problemCount === 1 ? "problem" : "problems"}</span>
    </span>
  );
}
