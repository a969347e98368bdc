"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { messageAt } from "@/components/schema-form/values";
import { Button } from "@/components/ui/button";
import type { Problem } from "@/lib/definition/problems";
import { type Parameter, parameterProblems, withoutRepeats } from "./parameter-problems";
import { ParameterRow } from "./parameter-row";

interface ParameterListProps {
  parameters: readonly Parameter[];
  onChange: (parameters: Parameter[]) => void;
  path: string;
  problems: readonly Problem[];
  storedSecrets: readonly string[];
  movedSecrets: readonly string[];
}

/** Edits additional token request parameters. Reports duplicate and reserved names while typing. */
export function ParameterList({ parameters, onChange, path, problems, storedSecrets, movedSecrets }: ParameterListProps) {
  // The name of an added parameter gets the focus.
  const [added, setAdded] = useState<number | null>(null);
  const all = withoutRepeats([...parameterProblems(parameters, path), ...problems]);
  const ownMessage = all.find((problem) => problem.path === path)?.message;
  return (
    <fieldset data-field-path={path} className="flex min-w-0 flex-col gap-2">
      <legend className="font-medium">Parameters</legend>
      <p className="max-w-measure text-muted text-xs">Additional token request parameters, such as audience or resource.</p>
      {parameters.length > 0 && (
        <ul aria-label="Parameters" className="flex flex-col gap-3 sm:gap-2">
          {parameters.map((parameter, index) => (
            <ParameterRow
              // biome-ignore lint/suspicious/noArrayIndexKey: names change while typing and can repeat.
              key={index}
              parameter={parameter}
              position={index + 1}
              path={`${path}[${index}]`}
              isStored={storedSecrets.includes(`${path}[${index}].value`)}
              hasMoved={movedSecrets.includes(`${path}[${index}].value`)}
              autoFocus={index === added}
              nameError={messageAt(all, `${path}[${index}].name`)}
              valueError={messageAt(all, `${path}[${index}].value`)}
              onChange={(next) => onChange(parameters.map((other, at) => (at === index ? next : other)))}
              onRemove={() => {
                setAdded(null);
                onChange(parameters.filter((_, at) => at !== index));
              }}
            />
          ))}
        </ul>
      )}
      {ownMessage && <p className="font-medium text-failing text-xs">{ownMessage}</p>}
      <Button
        size="small"
        className="self-start"
        icon={<Plus aria-hidden className="size-3.5" />}
        onPress={() => {
          setAdded(parameters.length);
          onChange([...parameters, { name: "", value: "", secret: false }]);
        }}
      >
        Add parameter
      </Button>
    </fieldset>
  );
}
