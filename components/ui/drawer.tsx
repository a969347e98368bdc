"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { cx } from "./cx";
import { IconButton } from "./icon-button";

export interface DrawerProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  side?: "left" | "right";
  children: ReactNode;
  /** Buttons at the bottom; the primary one last. */
  footer?: ReactNode;
}

/** A panel from the side, for forms, details, and navigation on narrow screens. */
export function Drawer({ isOpen, onOpenChange, title, side = "right", children, footer }: DrawerProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable
      className="fixed inset-0 z-50 bg-scrim transition-opacity duration-150 data-entering:opacity-0 data-exiting:opacity-0"
    >
      <Modal
        className={cx(
          "fixed inset-y-0 flex w-full flex-col bg-raised shadow-float dark:ring-1 dark:ring-line transition-[translate] duration-150 ease-out",
          side === "left"
            ? "left-0 max-w-72 data-entering:-translate-x-full data-exiting:-translate-x-full"
            : "right-0 max-w-120 data-entering:translate-x-full data-exiting:translate-x-full",
        )}
      >
        <AriaDialog className="flex min-h-0 flex-1 flex-col outline-none">
          <header className="flex h-12 items-center justify-between gap-3 px-4">
            <Heading slot="title" className="truncate font-semibold text-base">
              {title}
            </Heading>
            <IconButton label="Close" onPress={() => onOpenChange(false)} className="-mr-2">
              <X aria-hidden />
            </IconButton>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-1 pb-4">{children}</div>
          {footer && <footer className="flex justify-end gap-2 border-line border-t bg-surface px-4 py-3">{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
