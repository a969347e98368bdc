import { Check } from "lucide-react";
import { formatDuration } from "@/components/ui/clock";
import { cx } from "@/components/ui/cx";
import { type Meaning, MeaningShape } from "@/components/ui/state-mark";
import type { TryAnswer } from "@/lib/management/contract/apis";

export type TraceStep = TryAnswer["trace"][number];

const looks: Record<TraceStep["outcome"], { word: string; meaning: Meaning | null; plate: string }> = {
  ran: { word: "Ran", meaning: null, plate: "border-line-strong bg-raised" },
  skipped: { word: "Skipped", meaning: "neutral", plate: "border-line border-dashed text-muted" },
  answered: { word: "Answered", meaning: "failing", plate: "border-failing bg-failing-soft" },
  failed: { word: "Failed", meaning: "failing", plate: "border-failing bg-failing-soft" },
};

/** A step that ran has guarded the call when it checked a token; any other only did its work. */
function OutcomeShape({ step }: { step: TraceStep }) {
  const meaning = looks[step.outcome].meaning ?? (step.policy === "oauth2" ? "guarded" : null);
  return meaning ? <MeaningShape meaning={meaning} /> : <Check aria-hidden className="size-2.5" strokeWidth={3} />;
}

/** One step of a call: what it is, what it did, why, and how long it took. */
export function TracePlate({ step, position }: { step: TraceStep; position: number }) {
  const { word, plate } = looks[step.outcome];
  return (
    <div className={cx("flex min-h-16 w-full flex-col gap-0.5 rounded-control border px-2.5 py-1.5 sm:w-50", plate)}>
      <p className="flex items-baseline gap-2">
        <span className="text-muted text-xs tabular-nums">{position}</span>
        <span className="min-w-0 flex-1 truncate font-medium" title={`${step.name} (${step.policy})`}>
          {step.name}
        </span>
      </p>
      <p className="flex items-center gap-1.5 text-xs">
        <OutcomeShape step={step} />
        <span className="font-medium">{word}</span>
        {step.outcome !== "skipped" && <span className="ml-auto text-muted tabular-nums">{formatDuration(step.durationMs)}</span>}
      </p>
      {step.reason && <p className="text-muted text-xs [overflow-wrap:anywhere]">{step.reason}</p>}
    </div>
  );
}
