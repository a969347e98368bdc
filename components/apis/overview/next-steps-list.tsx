import { Check } from "lucide-react";
import { ButtonLink } from "@/components/ui/button-link";
import { cx } from "@/components/ui/cx";
import { Section } from "@/components/ui/page-body";
import type { NextStep } from "./next-steps";

function StepAction({ apiId, step }: { apiId: string; step: NextStep }) {
  if (step.id === "protect") return <ButtonLink href={`/apis/${apiId}/studio`}>Open studio</ButtonLink>;
  // The deploy bar above already has this button.
  if (step.id === "deploy") return null;
  return <ButtonLink href={`/apis/${apiId}/try-it`}>Try a request</ButtonLink>;
}

/** Lists the steps to a protected, deployed API and highlights the first open one. */
export function NextSteps({ apiId, steps }: { apiId: string; steps: readonly NextStep[] }) {
  const current = steps.find((step) => !step.isDone);
  return (
    <Section title="Next steps">
      <ol className="border-line border-y">
        {steps.map((step, index) => (
          <li key={step.id} className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b py-1.5 last:border-b-0">
            <span
              aria-hidden
              className={cx(
                "grid size-5 shrink-0 place-items-center rounded-full border font-medium text-xs tabular-nums",
                step.isDone
                  ? "border-transparent bg-guarded-soft text-guarded"
                  : step === current
                    ? "border-ink text-ink"
                    : "border-line-strong text-muted",
              )}
            >
              {step.isDone ? <Check className="size-3.5" /> : index + 1}
            </span>
            <span className={cx("min-w-0 flex-1 basis-56", step.isDone && "text-muted")}>
              <span className={cx("font-medium", step.isDone && "line-through decoration-line-strong")}>{step.title}</span>
              {step.isDone ? <span className="sr-only">, done</span> : <span className="ml-2 text-muted">{step.reason}</span>}
            </span>
            {step.isOffered && <StepAction apiId={apiId} step={step} />}
          </li>
        ))}
      </ol>
    </Section>
  );
}
