"use client";

import { RadioButton, RadioField, RadioGroup } from "react-aria-components";
import { cx } from "./cx";
import { FieldLabel, FieldNotes, type FieldProps, fieldStyle } from "./field";

export interface SegmentedControlProps<Id extends string = string> extends FieldProps {
  options: readonly { id: Id; label: string }[];
  value: Id | null;
  onChange: (value: Id) => void;
  mono?: boolean;
  isDisabled?: boolean;
}

/** Selects one of two to four short options. */
export function SegmentedControl<Id extends string = string>(props: SegmentedControlProps<Id>) {
  const { label, hideLabel, isOptional, description, errorMessage, className, options, value, onChange, mono, isDisabled } = props;
  return (
    <RadioGroup
      value={value}
      onChange={(id) => {
        const chosen = options.find((option) => option.id === id);
        if (chosen) onChange(chosen.id);
      }}
      orientation="horizontal"
      isDisabled={isDisabled}
      isInvalid={Boolean(errorMessage)}
      validationBehavior="aria"
      className={cx(fieldStyle, className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} isOptional={isOptional} />
      <div
        className={cx(
          "flex h-8 w-fit max-w-full rounded-control border bg-sunken p-0.5",
          errorMessage ? "border-failing" : "border-line-strong",
        )}
      >
        {options.map((option) => (
          <RadioField key={option.id} value={option.id} className="flex min-w-0">
            <RadioButton
              className={cx(
                "flex min-w-9 cursor-default items-center justify-center truncate rounded-sm px-2.5 text-muted transition-colors data-disabled:opacity-50 data-hovered:text-ink data-selected:bg-raised data-selected:font-medium data-selected:text-ink data-selected:ring-1 data-selected:ring-line-strong/70",
                "data-focus-visible:outline-2 data-focus-visible:outline-focus",
                mono && "mono",
              )}
            >
              {option.label}
            </RadioButton>
          </RadioField>
        ))}
      </div>
      <FieldNotes description={description} errorMessage={errorMessage} />
    </RadioGroup>
  );
}
