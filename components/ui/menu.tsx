"use client";

import type { ReactNode } from "react";
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  type PopoverProps as AriaPopoverProps,
  MenuTrigger,
  Separator,
  Text,
} from "react-aria-components";
import { cx } from "./cx";
import { optionStyle, Popover } from "./popover";

export interface MenuProps {
  /** The button that opens it: a Button or an IconButton. */
  trigger: ReactNode;
  /** The accessible name of the list, for example "Actions for Require token". */
  label: string;
  placement?: AriaPopoverProps["placement"];
  /** MenuItem and MenuSeparator. */
  children: ReactNode;
}

/** A list of actions that a button opens. */
export function Menu({ trigger, label, placement = "bottom end", children }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover placement={placement}>
        <AriaMenu aria-label={label} className="p-1 outline-none">
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

export interface MenuItemProps {
  children: string;
  description?: string;
  icon?: ReactNode;
  tone?: "plain" | "danger";
  isDisabled?: boolean;
  /** Makes it a link. */
  href?: string;
  /** Makes the link a download, which doesn't navigate. */
  download?: boolean;
  onAction?: () => void;
}

/** One action of a menu. */
export function MenuItem({ children, description, icon, tone = "plain", ...rest }: MenuItemProps) {
  return (
    <AriaMenuItem
      {...rest}
      textValue={children}
      className={cx(optionStyle, "[&_svg]:size-4 [&_svg]:shrink-0", tone === "danger" ? "text-failing" : "[&_svg]:text-muted")}
    >
      {icon}
      <span className="flex min-w-0 flex-col">
        <Text slot="label">{children}</Text>
        {description && (
          <Text slot="description" className="text-muted text-xs">
            {description}
          </Text>
        )}
      </span>
    </AriaMenuItem>
  );
}

/** A separator between groups of actions. */
export function MenuSeparator() {
  return <Separator className="mx-1 my-1 border-line border-t" />;
}
