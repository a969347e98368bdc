"use client";

import type { ReactNode } from "react";
import { Tooltip as AriaTooltip, type TooltipProps as AriaTooltipProps, TooltipTrigger } from "react-aria-components";

interface TooltipProps {
  content: ReactNode;
  placement?: AriaTooltipProps["placement"];
  /** One pressable or focusable React Aria element. */
  children: ReactNode;
}

/** A short text about a control, on hover and focus. Never the only place of information. */
export function Tooltip({ content, placement = "top", children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {children}
      <AriaTooltip offset={6} placement={placement} className="floating max-w-72 rounded-sm bg-ink px-2 py-1 text-xs text-surface">
        {content}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
