import { Check } from "lucide-react";
import { PlateGround } from "@/components/studio/plate-ground";
import { type MarkTone, PolicyMark } from "@/components/studio/policy-mark";
import { formatDuration } from "@/components/ui/clock";
import { cx } from "@/components/ui/cx";
import { MeaningShape } from "@/components/ui/state-mark";
import type { TryResponse } from "@/lib/management/contract/apis";
import { askedBy } from "./outcome";

export type TraceStep = TryResponse["trace"][number];

const words: Record<TraceStep["outcome"], string> = { ran: "Ran", skipped: "Skipped", answered: "Responded", failed: "Failed" };

/** Returns a step's color: guarded if it ran and checked a credential. */
function toneOf(step: TraceStep): MarkTone {
  if (step.outcome === "skipped") return "hollow";
  if (step.outcome !== "ran") return "failing";
  return askedBy(step) === undefined ? "neutral" : "guarded";
}

/** A plate's background by outcome: one that responded ends the line, a failed one is notched. */
function Ground({ outcome }: { outcome: TraceStep["outcome"] }) {
  if (outcome === "answered")
    return <span aria-hidden className="-z-1 absolute inset-0 rounded-control border border-failing bg-failing-soft" />;
  return <PlateGround state={outcome === "failed" ? "failing" : outcome === "skipped" ? "hollow" : "plain"} isSelected={false} />;
}

function OutcomeWord({ step }: { step: TraceStep }) {
  const tone = toneOf(step);
  return (
    <span className="flex items-center gap-1.5 text-xs">
      {tone === "neutral" ? (
        <Check aria-hidden className="size-2.5" strokeWidth={3} />
      ) : (
        <MeaningShape meaning={tone === "hollow" ? "neutral" : tone} />
      )}
      <span className="font-medium">{words[step.outcome]}</span>
    </span>
  );
}

/** Shows one step of a trace: name, outcome, reason, and duration. */
export function TracePlate({ step, position }: { step: TraceStep; position: number }) {
  const isSkipped = step.outcome === "skipped";
  return (
    <div className={cx("relative isolate flex min-h-16 w-full flex-col gap-1 p-2 sm:w-50", isSkipped && "text-muted")}>
      <Ground outcome={step.outcome} />
      <div className="flex items-center gap-1.5">
        <PolicyMark policyId={step.policy} tone={toneOf(step)} />
        <span className="text-muted text-xs tabular-nums">{position}</span>
        <OutcomeWord step={step} />
        {!isSkipped && (
          <span className="ml-auto whitespace-nowrap pr-1 text-muted text-xs tabular-nums">{formatDuration(step.durationMs)}</span>
        )}
      </div>
      <p className="truncate font-medium" title={`${step.name} (${step.policy})`}>
        {step.name}
      </p>
      {step.reason && <p className="text-muted text-xs [overflow-wrap:anywhere]">{step.reason}</p>}
    </div>
  );
}
