"use client";

import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./icon-button";
import { TextField, type TextFieldProps } from "./text-field";

export interface SecretFieldProps extends Omit<TextFieldProps, "type" | "trailing" | "mono" | "value" | "onChange"> {
  /** The typed value; undefined or "" keeps the stored one, which the browser never receives. */
  value: string | undefined;
  onChange: (value: string) => void;
  /** Whether a secret is stored. */
  isStored: boolean;
}

/** A write-only value. Blank keeps the stored one. */
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
      // Prevents password managers from filling in the console's password.
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

/** Explains whether the stored value is kept or replaced. */
export function StoredNote({ isTyped }: { isTyped: boolean }) {
  return <span className="font-medium text-ink">{isTyped ? "Replaces the stored value. " : "Stored. Leave blank to keep it. "}</span>;
}
