"use client";

import { Popover as AriaPopover, type PopoverProps as AriaPopoverProps } from "react-aria-components";
import { cx } from "./cx";

/** The classes of menu and list box rows. */
export const optionStyle =
  "group flex min-h-8 cursor-default select-none items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none data-focused:bg-sunken data-disabled:text-muted data-disabled:opacity-60";

/** A floating panel next to its trigger. */
export function Popover({ className, ...rest }: Omit<AriaPopoverProps, "className" | "style"> & { className?: string }) {
  return (
    <AriaPopover
      offset={4}
      {...rest}
      className={cx("floating min-w-40 overflow-auto rounded-panel border border-line bg-raised shadow-float outline-none", className)}
    />
  );
}
