"use client";

import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button-style";
import { cx } from "./cx";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style"> {
  /** `primary`: at most one per page; `danger`: can't be undone. */
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** A 16 px lucide icon before the text. */
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A text button. While `isPending`, it stays focusable, can't be pressed, and announces progress. */
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
