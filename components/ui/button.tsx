"use client";

import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button-style";
import { cx } from "./cx";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style"> {
  /** `primary` once on a page at most; `danger` for what cannot be undone. */
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** A lucide icon of 16 px, before the words. */
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A button with words. While `isPending`, it stays focusable, cannot be pressed and says that it works. */
export function Button({ variant = "secondary", size = "medium", icon, className, children, isPending = false, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} isPending={isPending} className={buttonStyle(variant, size, className)}>
      <span className={cx("inline-flex items-center gap-[inherit]", isPending && "opacity-0")}>
        {icon}
        {children}
      </span>
      {isPending && <LoaderCircle aria-hidden className="absolute size-4 animate-spin" />}
    </AriaButton>
  );
}
