"use client";

import { cx } from "./cx";
import { StoredNote } from "./secret-field";
import { TextArea, type TextAreaProps } from "./text-area";

export interface SecretAreaProps extends Omit<TextAreaProps, "mono" | "value" | "onChange"> {
  /** What was typed now; undefined or "" keeps what is stored. A stored secret never comes back to the browser. */
  value: string | undefined;
  onChange: (value: string) => void;
  /** Whether a secret is stored already. */
  isStored: boolean;
}

/** A write-only value of several lines, such as a private key. It is covered with dots, as a password is. */
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
