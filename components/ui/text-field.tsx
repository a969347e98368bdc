"use client";

import type { HTMLInputTypeAttribute, ReactNode, Ref } from "react";
import { TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps, Input } from "react-aria-components";
import { cx } from "./cx";
import { controlStyle, FieldLabel, FieldNotes, type FieldProps, fieldStyle } from "./field";

export interface TextFieldProps extends Omit<AriaTextFieldProps, "className" | "style" | "children" | "type">, FieldProps {
  type?: HTMLInputTypeAttribute;
  placeholder?: string | undefined;
  /** For paths, IDs, scopes, headers, and URLs. */
  mono?: boolean;
  /** Content at the end of the field: a unit or a 24 px button. */
  trailing?: ReactNode;
  inputRef?: Ref<HTMLInputElement>;
}

/** A text field with label, help, and error. */
export function TextField(props: TextFieldProps) {
  const { label, hideLabel, isOptional, description, errorMessage, className, placeholder, mono, trailing, inputRef, ...rest } = props;
  return (
    <AriaTextField
      {...rest}
      validationBehavior="aria"
      isInvalid={Boolean(errorMessage) || (rest.isInvalid ?? false)}
      className={cx(fieldStyle, className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} isOptional={isOptional} />
      <div className="relative flex">
        <Input
          ref={inputRef}
          placeholder={placeholder}
          spellCheck={mono ? false : undefined}
          className={cx(controlStyle, mono && "mono", Boolean(trailing) && "pr-16")}
        />
        {trailing && <div className="absolute inset-y-0 right-1 flex items-center text-muted text-xs">{trailing}</div>}
      </div>
      <FieldNotes description={description} errorMessage={errorMessage} />
    </AriaTextField>
  );
}
