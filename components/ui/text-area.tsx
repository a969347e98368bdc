"use client";

import { TextArea as AriaTextArea, TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from "react-aria-components";
import { cx } from "./cx";
import { controlStyle, FieldLabel, FieldNotes, type FieldProps, fieldStyle } from "./field";

export interface TextAreaProps extends Omit<AriaTextFieldProps, "className" | "style" | "children" | "type">, FieldProps {
  placeholder?: string | undefined;
  rows?: number;
  mono?: boolean;
}

/** A multi-line text field with label, help, and error. */
export function TextArea(props: TextAreaProps) {
  const { label, hideLabel, isOptional, description, errorMessage, className, placeholder, rows = 3, mono, ...rest } = props;
  return (
    <AriaTextField
      {...rest}
      validationBehavior="aria"
      isInvalid={Boolean(errorMessage) || (rest.isInvalid ?? false)}
      className={cx(fieldStyle, className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} isOptional={isOptional} />
      <AriaTextArea
        rows={rows}
        placeholder={placeholder}
        spellCheck={mono ? false : undefined}
        className={cx(controlStyle, "h-auto resize-y py-1.5", mono && "mono")}
      />
      <FieldNotes description={description} errorMessage={errorMessage} />
    </AriaTextField>
  );
}
