"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { cx } from "./cx";
import { IconButton } from "./icon-button";

const widths = { small: "max-w-105", medium: "max-w-140", large: "max-w-220" };

export interface DialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  /** One sentence below the title. */
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons; the primary one last. */
  footer?: ReactNode;
  width?: keyof typeof widths;
  /** `alertdialog` interrupts screen readers and requires a response. */
  role?: "dialog" | "alertdialog";
  /** If false, only its buttons close it: no Esc, backdrop, or close button. */
  isDismissable?: boolean;
}

/** A modal dialog. Traps the focus and restores it on close. */
export function Dialog(props: DialogProps) {
  const { isOpen, onOpenChange, title, description, children, footer, width = "medium", role = "dialog", isDismissable = true } = props;
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
      className="fixed inset-0 z-50 flex items-end justify-center bg-scrim transition-opacity duration-150 data-entering:opacity-0 data-exiting:opacity-0 sm:items-start sm:p-6 sm:pt-[10vh]"
    >
      <Modal
        className={cx(
          "floating w-full overflow-hidden rounded-t-panel bg-raised shadow-float sm:rounded-panel dark:ring-1 dark:ring-line",
          widths[width],
        )}
      >
        <AriaDialog role={role} className="flex max-h-[calc(100dvh-32px)] flex-col outline-none sm:max-h-[80vh]">
          <header className="flex items-start gap-4 px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Heading slot="title" className="font-semibold text-lg">
                {title}
              </Heading>
              {description && <p className="mt-0.5 max-w-measure text-muted">{description}</p>}
            </div>
            {isDismissable && role === "dialog" && (
              <IconButton label="Close" onPress={() => onOpenChange(false)} className="-mr-2 -mt-1">
                <X aria-hidden />
              </IconButton>
            )}
          </header>
          {children && <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">{children}</div>}
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-line border-t bg-surface px-5 py-3">{footer}</footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
