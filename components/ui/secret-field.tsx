"use client";

import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./icon-button";
import { TextField, type TextFieldProps } from "./text-field";

export interface SecretFieldProps extends Omit<TextFieldProps, "type" | "trailing" | "mono" | "value" | "onChange"> {
  /** What was typed now; undefined or "" keeps what is stored. A stored secret never comes back to the browser. */
  value: string | undefined;
  onChange: (value: string) => void;
  /** Whether a secret is stored already. */
  isStored: boolean;
}

/** A write-only value. Says whether one is stored; leaving it blank keeps that one. */
export function SecretField({ value, isStored, description, placeholder, label, ...rest }: SecretFieldProps) {
  const [isShown, setIsShown] = useState(false);
  const typed = value ?? "";
  return (
    <TextField
      {...rest}
      label={label}
      value={typed}
      type={isShown ? "text" : "password"}
      mono
      // The browser's password manager would offer the console's own password here.
      autoComplete="new-password"
      placeholder={isStored ? "••••••••••••" : placeholder}
      description={
        <>
          {isStored && <StoredNote isTyped={typed !== ""} />}
          {description}
        </>
      }
      trailing={
        typed !== "" && (
          <IconButton label={isShown ? `Hide ${label}` : `Show ${label}`} size="small" onPress={() => setIsShown(!isShown)}>
            {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          </IconButton>
        )
      }
    />
  );
}

/** Says what becomes of the value that is stored. */
export function StoredNote({ isTyped }: { isTyped: boolean }) {
  return <span className="font-medium text-ink">{isTyped ? "Replaces the stored one. " : "Stored. Leave blank to keep it. "}</span>;
}
