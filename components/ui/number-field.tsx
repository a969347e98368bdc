"use client";

import { NumberField as AriaNumberField, type NumberFieldProps as AriaNumberFieldProps, Input } from "react-aria-components";
import { cx } from "./cx";
import { controlStyle, FieldLabel, FieldNotes, type FieldProps, fieldStyle } from "./field";

export interface NumberFieldProps
  extends Omit<AriaNumberFieldProps, "className" | "style" | "children" | "value" | "onChange" | "minValue" | "maxValue">,
    FieldProps {
  /** Undefined if empty. */
  value: number | undefined;
  onChange: (value: number | undefined) => void;
  placeholder?: string | undefined;
}

/** A number with its unit. Up and Down change it by one step. Never clamps: use `errorMessage` for limits. */
export function NumberField(props: NumberFieldProps) {
  const { label, hideLabel, isOptional, description, errorMessage, className, value, onChange, unit, placeholder, ...rest } = props;
  return (
    <AriaNumberField
      formatOptions={{ useGrouping: false, maximumFractionDigits: 6 }}
      {...rest}
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? undefined : next)}
      validationBehavior="aria"
      isInvalid={Boolean(errorMessage)}
      className={cx(fieldStyle, className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} isOptional={isOptional} unit={unit} />
      <div className="relative flex w-40 max-w-full">
        <Input placeholder={placeholder} className={cx(controlStyle, "tabular-nums", unit && "pr-10")} />
        {unit && (
          <span aria-hidden className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-muted text-xs">
            {unit}
          </span>
        )}
      </div>
      <FieldNotes description={description} errorMessage={errorMessage} />
    </AriaNumberField>
  );
}
