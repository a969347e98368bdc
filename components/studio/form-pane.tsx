"use client";

import { FlowForm } from "./flow-form";
import { focusLater } from "./focus-later";
import { Pane } from "./pane";
import { StepForm } from "./step-form";
import { useStudio } from "./studio-context";

/** The form of the selected step, or of the flow when no step is selected. */
export function FormPane() {
  const { flow, step, selection } = useStudio();
  const phase = selection?.step?.phase;
  if (!flow) return null;
  return (
    <Pane
      name="form"
      label="Form"
      back={{ to: "lanes", label: "Steps" }}
      className="border-line xl:w-90 xl:shrink-0 xl:border-l min-[1400px]:w-100"
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only handles Escape keys that its fields don't use. */}
      <div
        className="min-h-0 grow overflow-y-auto"
        onKeyDown={(event) => {
          // Escape returns the focus to the lanes, unless a field handled it.
          if (event.key === "Escape" && !event.defaultPrevented && step) focusLater(`[data-step="${step.key}"]`);
        }}
      >
        {step && phase ? <StepForm key={step.key} flow={flow} step={step} phase={phase} /> : <FlowForm key={flow.key} flow={flow} />}
      </div>
    </Pane>
  );
}
