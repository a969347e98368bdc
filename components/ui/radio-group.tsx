"use client";

import type { ReactNode } from "react";
import { RadioGroup as AriaRadioGroup, RadioButton, RadioField, Text } from "react-aria-components";
import { cx } from "./cx";
import { FieldLabel, FieldNotes, type FieldProps, fieldStyle } from "./field";

export interface RadioGroupProps<Id extends string = string> extends FieldProps {
  options: readonly { id: Id; label: string; description?: ReactNode; isDisabled?: boolean }[];
  value: Id | null;
  onChange: (value: Id) => void;
  isDisabled?: boolean;
}

/** Selects one of a few choices, each with a description. */
export function RadioGroup<Id extends string = string>(props: RadioGroupProps<Id>) {
  const { label, hideLabel, isOptional, description, errorMessage, className, options, value, onChange, isDisabled } = props;
  return (
    <AriaRadioGroup
      value={value}
      onChange={(id) => {
        const chosen = options.find((option) => option.id === id);
        if (chosen) onChange(chosen.id);
      }}
      isDisabled={isDisabled}
      isInvalid={Boolean(errorMessage)}
      validationBehavior="aria"
      className={cx(fieldStyle, className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} isOptional={isOptional} />
      <div className="flex flex-col gap-1">
        {options.map((option) => (
          <RadioField key={option.id} value={option.id} isDisabled={option.isDisabled} className="flex flex-col">
            <RadioButton className="group flex min-h-6 w-fit cursor-default items-center gap-2 data-disabled:opacity-50">
              <span className="size-4 shrink-0 rounded-full border border-line-strong bg-raised transition-[border-width] group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-focus group-data-selected:border-[5px] group-data-selected:border-accent" />
              {option.label}
            </RadioButton>
            {option.description && (
              <Text slot="description" className="pl-6 text-muted text-xs">
                {option.description}
              </Text>
            )}
          </RadioField>
        ))}
      </div>
      <FieldNotes description={description} errorMessage={errorMessage} />
    </AriaRadioGroup>
  );
}
