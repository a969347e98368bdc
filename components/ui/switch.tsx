"use client";

import { SwitchButton, SwitchField, type SwitchFieldProps } from "react-aria-components";
import { cx } from "./cx";
import { FieldNotes, type FieldProps } from "./field";

export interface SwitchProps extends Omit<SwitchFieldProps, "className" | "style" | "children">, Omit<FieldProps, "isOptional"> {}

/** A switch. The knob's position shows the state, not color alone. */
export function Switch({ label, hideLabel = false, description, errorMessage, className, ...rest }: SwitchProps) {
  return (
    <SwitchField
      {...rest}
      isInvalid={Boolean(errorMessage)}
      validationBehavior="aria"
      className={cx("flex min-w-0 flex-col gap-1", className)}
    >
      <SwitchButton className="group flex min-h-6 w-fit cursor-default items-center gap-2.5 data-disabled:opacity-50">
        <span className="flex h-4 w-7 shrink-0 items-center rounded-full border border-line-strong bg-sunken p-px transition-colors group-data-selected:border-accent group-data-selected:bg-accent group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-focus">
          <span className="size-3 rounded-full bg-line-strong transition-[translate,background-color] group-data-selected:translate-x-3 group-data-selected:bg-on-accent" />
        </span>
        <span className={cx("font-medium", hideLabel && "sr-only")}>{label}</span>
      </SwitchButton>
      {(description || errorMessage) && (
        <div className="flex flex-col gap-1 pl-9.5">
          <FieldNotes description={description} errorMessage={errorMessage} />
        </div>
      )}
    </SwitchField>
  );
}
