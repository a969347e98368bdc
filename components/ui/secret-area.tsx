"use client";

import { cx } from "./cx";
import { StoredNote } from "./secret-field";
import { TextArea, type TextAreaProps } from "./text-area";

export interface SecretAreaProps extends Omit<TextAreaProps, "mono" | "value" | "onChange"> {
  /** The typed value; undefined or "" keeps the stored one, which the browser never receives. */
  value: string | undefined;
  onChange: (value: string) => void;
  /** Whether a secret is stored. */
  isStored: boolean;
}

/** A multi-line write-only value, such as a private key, masked like a password. */
export function SecretArea({ value = "", isStored, description, placeholder, className, ...rest }: SecretAreaProps) {
  return (
    <TextArea
      {...rest}
      value={value}
      mono
      autoComplete="off"
      placeholder={isStored ? "••••••••••••" : placeholder}
      className={cx(className, value !== "" && "[&_textarea]:[-webkit-text-security:disc]")}
      description={
        <>
          {isStored && <StoredNote isTyped={value !== ""} />}
          {description}
        </>
      }
    />
  );
}
