"use client";

import type { ReactNode } from "react";
import { DropZone } from "react-aria-components";
import { cx } from "@/components/ui/cx";

interface DropAreaProps {
  label: string;
  onFile: (file: File) => void;
  children: ReactNode;
  className?: string;
}

/** An area to drop a file on. A button inside it must offer the same action. */
export function DropArea({ label, onFile, children, className }: DropAreaProps) {
  return (
    <DropZone
      aria-label={label}
      onDrop={(event) => {
        const file = event.items.find((item) => item.kind === "file");
        if (file) void file.getFile().then(onFile);
      }}
      className={cx(
        "rounded-panel border border-line-strong border-dashed transition-colors data-drop-target:border-focus data-drop-target:bg-sunken",
        className,
      )}
    >
      {children}
    </DropZone>
  );
}
