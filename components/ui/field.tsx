"use client";

import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { FieldError as AriaFieldError, Label, Text } from "react-aria-components";
import { cx } from "./cx";

/** The props of every labeled field. */
export interface FieldProps {
  label: string;
  /** Hides the label visually, for example below a column header. It stays the accessible name. */
  hideLabel?: boolean;
  description?: ReactNode;
  /** Cause and fix; makes the field invalid. */
  errorMessage?: string | undefined;
  /** Part of the label for screen readers; shown inside the field. */
  unit?: string | undefined;
  /** Shows "optional" next to the label. */
  isOptional?: boolean;
  className?: string;
}

/** The classes of one-line controls. */
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

/** Help and error below a control, associated with it for screen readers. */
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
