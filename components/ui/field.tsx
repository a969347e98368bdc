"use client";

import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { FieldError as AriaFieldError, Label, Text } from "react-aria-components";
import { cx } from "./cx";

/** What every field with a label has. */
export interface FieldProps {
  label: string;
  /** Hides the label from view where a column header already says it; it stays the accessible name. */
  hideLabel?: boolean;
  description?: ReactNode;
  /** What is wrong and what to do; its presence makes the field invalid. */
  errorMessage?: string | undefined;
  /** Belongs to the label for screen readers; sighted people see it in the box. */
  unit?: string | undefined;
  /** Says "optional" beside the label. */
  isOptional?: boolean;
  className?: string;
}

/** The box of one-line controls. */
export const controlStyle =
  "h-8 w-full min-w-0 rounded-control border border-line-strong bg-raised px-2.5 text-sm text-ink transition-colors hover:border-muted data-invalid:border-failing data-disabled:opacity-50 focus:border-focus focus:outline-2 focus:outline-offset-[-1px] focus:outline-focus";

export const fieldStyle = "flex min-w-0 flex-col gap-1";

/** The label above a control. */
export function FieldLabel({
  label,
  hideLabel = false,
  isOptional = false,
  unit,
}: Pick<FieldProps, "label" | "hideLabel" | "isOptional" | "unit">) {
  return (
    <Label className={cx("font-medium", hideLabel && "sr-only")}>
      {label}
      {unit && <span className="sr-only"> ({unit})</span>}
      {/* The space keeps the accessible name two words. */}
      {isOptional && <span className="ml-0.5 font-normal text-muted text-xs"> optional</span>}
    </Label>
  );
}

/** Help and error below a control, both tied to it for screen readers. */
export function FieldNotes({ description, errorMessage }: Pick<FieldProps, "description" | "errorMessage">) {
  return (
    <>
      {description && (
        <Text slot="description" className="max-w-measure text-muted text-xs">
          {description}
        </Text>
      )}
      <AriaFieldError className="flex gap-1.5 font-medium text-failing text-xs">
        <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
        <span className="min-w-0">{errorMessage}</span>
      </AriaFieldError>
    </>
  );
}
