"use client";

import type { ReactNode, Ref } from "react";
import { TextField as AriaTextField, Input } from "react-aria-components";
import { cx } from "@/components/ui/cx";
import { FieldLabel, FieldNotes, fieldStyle } from "@/components/ui/field";

interface PathFieldProps {
  contextPath: string;
  value: string;
  onChange: (path: string) => void;
  errorMessage: string | undefined;
  /** A button of 24 px at the end of the field. */
  trailing?: ReactNode;
  inputRef?: Ref<HTMLInputElement>;
  className?: string;
}

/** Edits a path below an API's context path, which is shown as a fixed prefix. */
export function PathField({ contextPath, value, onChange, errorMessage, trailing, inputRef, className }: PathFieldProps) {
  return (
    <AriaTextField
      value={value}
      onChange={onChange}
      isInvalid={Boolean(errorMessage)}
      validationBehavior="aria"
      className={cx(fieldStyle, className)}
    >
      <FieldLabel label="Path" />
      <div
        className={cx(
          "flex h-8 items-center rounded-control border bg-raised transition-colors has-[input[data-focused]]:border-focus has-[input[data-focused]]:outline-2 has-[input[data-focused]]:outline-focus has-[input[data-focused]]:outline-offset-[-1px]",
          errorMessage ? "border-failing" : "border-line-strong/60 hover:border-line-strong",
        )}
      >
        {contextPath !== "/" && (
          <span className="mono max-w-[45%] truncate pl-2.5 text-muted" title={contextPath}>
            {contextPath}
          </span>
        )}
        <Input
          ref={inputRef}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          placeholder="/"
          className={cx("mono h-full min-w-0 flex-1 bg-transparent pr-2.5 outline-none", contextPath === "/" && "pl-2.5")}
        />
        {trailing && <span className="flex shrink-0 pr-1">{trailing}</span>}
      </div>
      <FieldNotes errorMessage={errorMessage} />
    </AriaTextField>
  );
}
