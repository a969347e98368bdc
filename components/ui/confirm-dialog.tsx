"use client";

import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { TextField } from "./text-field";

export interface ConfirmDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** The question, for example "Remove the step?". */
  title: string;
  /** The consequences. */
  children?: ReactNode;
  /** Verb and object, for example "Remove step". */
  confirmLabel: string;
  cancelLabel?: string;
  tone?: "plain" | "danger";
  /** The text to type before confirming, for actions that can't be undone. */
  typeToConfirm?: string;
  isPending?: boolean;
  onConfirm: () => void;
}

/** Confirms an action that's hard to undo. The parent closes it afterwards. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    isOpen,
    onOpenChange,
    title,
    children,
    confirmLabel,
    cancelLabel = "Cancel",
    tone = "plain",
    typeToConfirm,
    isPending = false,
    onConfirm,
  } = props;
  const [typed, setTyped] = useState("");
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        setTyped("");
        onOpenChange(next);
      }}
      title={title}
      role="alertdialog"
      width="small"
      footer={
        <>
          <Button onPress={() => onOpenChange(false)} autoFocus={!typeToConfirm}>
            {cancelLabel}
          </Button>
          <Button
            variant={tone === "danger" ? "danger" : "primary"}
            isPending={isPending}
            isDisabled={typeToConfirm !== undefined && typed !== typeToConfirm}
            onPress={onConfirm}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      {(children || typeToConfirm) && (
        <div className="flex flex-col gap-4">
          {children && <div>{children}</div>}
          {typeToConfirm && (
            <TextField label={`Type ${typeToConfirm} to confirm`} mono value={typed} onChange={setTyped} autoFocus autoComplete="off" />
          )}
        </div>
      )}
    </Dialog>
  );
}
