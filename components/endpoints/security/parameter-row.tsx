"use client";

import { X } from "lucide-react";
import { SECRET_MOVED } from "@/components/schema-form/secret-editor";
import { Checkbox } from "@/components/ui/checkbox";
import { IconButton } from "@/components/ui/icon-button";
import { SecretField } from "@/components/ui/secret-field";
import { TextField } from "@/components/ui/text-field";
import type { Parameter } from "./parameter-problems";

interface ParameterRowProps {
  parameter: Parameter;
  /** Position, from 1, to label a parameter without a name. */
  position: number;
  path: string;
  isStored: boolean;
  hasMoved: boolean;
  autoFocus: boolean;
  nameError: string | undefined;
  valueError: string | undefined;
  onChange: (parameter: Parameter) => void;
  onRemove: () => void;
}

/** Edits one additional token request parameter: name, value, and whether it's secret. */
export function ParameterRow(props: ParameterRowProps) {
  const { parameter, position, path, isStored, hasMoved, autoFocus, nameError, valueError, onChange, onRemove } = props;
  const title = parameter.name || `parameter ${position}`;
  const value = {
    label: `Value of ${title}`,
    hideLabel: true,
    placeholder: "Value",
    value: parameter.value ?? "",
    onChange: (next: string) => onChange({ ...parameter, value: next }),
    errorMessage: valueError,
  };
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-2 gap-y-1.5 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto_auto]">
      <div data-field-path={`${path}.name`} className="min-w-0">
        <TextField
          label={`Name of parameter ${position}`}
          hideLabel
          mono
          autoComplete="off"
          placeholder="Name"
          autoFocus={autoFocus}
          value={parameter.name}
          onChange={(name) => onChange({ ...parameter, name })}
          errorMessage={nameError}
        />
      </div>
      <div data-field-path={`${path}.value`} className="col-span-2 row-start-2 min-w-0 sm:col-span-1 sm:row-start-auto">
        {parameter.secret ? (
          <SecretField
            {...value}
            isStored={isStored}
            description={hasMoved && !parameter.value && !valueError ? SECRET_MOVED : undefined}
          />
        ) : (
          <TextField {...value} mono autoComplete="off" />
        )}
      </div>
      <Checkbox
        label="Secret"
        aria-label={`Store the value of ${title} as a secret`}
        className="col-start-1 row-start-3 justify-center sm:col-start-auto sm:row-start-auto sm:h-8"
        isSelected={parameter.secret}
        // A stored secret can't become readable.
        onChange={(secret) => onChange({ ...parameter, secret, value: parameter.value ?? "" })}
      />
      <IconButton label={`Remove ${title}`} className="col-start-2 row-start-1 sm:col-start-auto sm:row-start-auto" onPress={onRemove}>
        <X aria-hidden />
      </IconButton>
    </li>
  );
}
