"use client";

import { Check, Minus } from "lucide-react";
import { CheckboxButton, CheckboxField, type CheckboxFieldProps } from "react-aria-components";
import { cx } from "./cx";
import { FieldNotes, type FieldProps } from "./field";

export interface CheckboxProps extends Omit<CheckboxFieldProps, "className" | "style" | "children">, Omit<FieldProps, "isOptional"> {
  /** Sets the label in mono: scopes, methods. */
  mono?: boolean;
}

/** A checkbox with label, help, and error. */
export function Checkbox({ label, hideLabel = false, description, errorMessage, className, mono = false, ...rest }: CheckboxProps) {
  return (
    <CheckboxField {...rest} isInvalid={Boolean(errorMessage)} validationBehavior="aria" className={cx("flex min-w-0 flex-col", className)}>
      <CheckboxButton className="group flex min-h-6 w-fit cursor-default items-center gap-2 data-disabled:opacity-50">
        {({ isSelected, isIndeterminate }) => (
          <>
            <span className="grid size-4 shrink-0 place-items-center rounded-sm border border-line-strong bg-raised text-on-accent transition-colors group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-focus group-data-indeterminate:border-accent group-data-indeterminate:bg-accent group-data-invalid:border-failing group-data-selected:border-accent group-data-selected:bg-accent">
              {isIndeterminate ? (
                <Minus aria-hidden className="size-3" strokeWidth={3} />
              ) : (
                isSelected && <Check aria-hidden className="size-3" strokeWidth={3} />
              )}
            </span>
            <span className={cx(hideLabel && "sr-only", mono && "mono")}>{label}</span>
          </>
        )}
      </CheckboxButton>
      {(description || errorMessage) && (
        <div className="flex flex-col gap-1 pl-6">
          <FieldNotes description={description} errorMessage={errorMessage} />
        </div>
      )}
    </CheckboxField>
  );
}
