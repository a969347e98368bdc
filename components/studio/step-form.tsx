"use client";

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { type Lane, usableResourceTypes } from "@/components/draft/edits";
import { problemsOfAnchor } from "@/components/draft/problems";
import type { FlowItem, StepItem } from "@/components/draft/working-copy";
import { SchemaForm } from "@/components/schema-form/schema-form";
import { messageAt } from "@/components/schema-form/values";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { Switch } from "@/components/ui/switch";
import { TextField } from "@/components/ui/text-field";
import type { Phase } from "@/lib/definition/registry";
import { FormHeading } from "./form-heading";
import { JsonEditor } from "./json-editor";
import { PolicyMark, policyOf } from "./policy-mark";
import { phaseNames, stepTitle, stepTone } from "./step-words";
import { useStudio, useStudioActions } from "./studio-context";
import { useFormOptions } from "./use-form-options";

/** Edits a step: name, state, and configuration as a form or JSON. */
export function StepForm({ flow, step, phase }: { flow: FlowItem; step: StepItem; phase: Phase }) {
  const { copy } = useStudio();
  const { changeStep, dropStep, wishResource } = useStudioActions();
  const { problems, storedSecrets, movedSecrets } = useDraftEditor();
  const [view, setView] = useState<"form" | "json">("form");
  const lane: Lane = { flowKey: flow.key, phase };
  const index = flow[phase].findIndex(({ key }) => key === step.key);
  const path = `flows[${copy.flows.indexOf(flow)}].${phase}[${index}]`;
  const own = problemsOfAnchor(problems, { kind: "step", flowKey: flow.key, phase, key: step.key }).map((problem) => ({
    ...problem,
    path: problem.path ? `${path}.${problem.path}` : path,
  }));
  const policy = policyOf(step.policy);
  const options = useFormOptions(step, () => wishResource({ lane, stepKey: step.key, types: usableResourceTypes(step.policy) }));
  const strays = own.filter((problem) => !problem.path.startsWith(`${path}.config`) && problem.path !== `${path}.name`);
  return (
    <form aria-label={`Step ${stepTitle(step)}`} className="flex flex-col gap-5 px-4 py-3" onSubmit={(event) => event.preventDefault()}>
      <FormHeading
        mark={
          <PolicyMark
            policyId={step.policy}
            tone={own.length > 0 ? "failing" : step.enabled ? stepTone(step) : "hollow"}
            className="mt-px"
          />
        }
        title={policy?.title ?? step.policy}
        place={`${phaseNames[phase]}, step ${index + 1} of ${flow[phase].length}`}
      />
      {policy && <p className="-mt-2 text-muted">{policy.summary}</p>}
      {strays.length > 0 && (
        <Banner meaning="failing" isAlert>
          {strays.map(({ message }) => message).join(" ")}
        </Banner>
      )}
      <TextField
        label="Name"
        isOptional
        maxLength={120}
        autoComplete="off"
        placeholder={policy?.title}
        value={step.name ?? ""}
        onChange={(name) => changeStep(lane, step.key, { name: name === "" ? undefined : name })}
        errorMessage={messageAt(own, `${path}.name`)}
      />
      <Switch
        label="Enabled"
        isSelected={step.enabled}
        onChange={(enabled) => changeStep(lane, step.key, { enabled })}
        description={step.enabled ? undefined : "Disabled: requests skip this step."}
      />
      <div className="flex items-center justify-between gap-3 border-line border-t pt-4">
        <h3 className="text-base">Configuration</h3>
        <SegmentedControl
          label="Configuration view"
          hideLabel
          options={[
            { id: "form", label: "Form" },
            { id: "json", label: "JSON" },
          ]}
          value={policy ? view : "json"}
          isDisabled={!policy}
          onChange={setView}
        />
      </div>
      {policy && view === "form" ? (
        <SchemaForm
          schema={policy.schema}
          value={step.config}
          onChange={(config) => changeStep(lane, step.key, { config })}
          problems={own}
          storedSecrets={storedSecrets}
          basePath={`${path}.config`}
          options={{ ...options, movedSecrets }}
        />
      ) : (
        <JsonEditor value={step.config} onChange={(config) => changeStep(lane, step.key, { config })} problems={own} />
      )}
      <Button
        variant="quiet"
        className="-ml-3 self-start"
        icon={<Trash2 aria-hidden className="size-4" />}
        onPress={() => dropStep(lane, step)}
      >
        Remove step
      </Button>
    </form>
  );
}
