"use client";

import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { cx } from "./cx";
import { Tooltip } from "./tooltip";

export interface IconButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style" | "aria-label"> {
  /** The accessible name and tooltip: verb and object. */
  label: string;
  /** 24 px for dense rows, 32 px elsewhere. */
  size?: "small" | "medium";
  className?: string;
  children: ReactNode;
}

/** An icon button with an accessible name and a tooltip. */
export function IconButton({ label, size = "medium", className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip content={label}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={cx(
          "grid shrink-0 cursor-default place-items-center rounded-control text-muted transition-colors hover:bg-sunken hover:text-ink aria-expanded:bg-sunken aria-expanded:text-ink data-disabled:opacity-40 data-pressed:bg-line",
          size === "small" ? "size-6 [&_svg]:size-3.5" : "size-8 [&_svg]:size-4",
          className,
        )}
      >
        {children}
      </AriaButton>
    </Tooltip>
  );
}
