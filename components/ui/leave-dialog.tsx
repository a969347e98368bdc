"use client";

import { useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";

interface LeaveDialogProps {
  isOpen: boolean;
  /** What leaving would discard. */
  message: string;
  onStay: () => void;
  onDiscard: () => void;
  /** Undefined if saving isn't possible from here. */
  onSave?: (() => Promise<void>) | undefined;
}

/** Asks whether to save or discard unsaved changes before navigation. */
export function LeaveDialog({ isOpen, message, onStay, onDiscard, onSave }: LeaveDialogProps) {
  const [isSaving, setIsSaving] = useState(false);
  async function save() {
    setIsSaving(true);
    try {
      await onSave?.();
    } finally {
      setIsSaving(false);
    }
  }
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => !next && onStay()}
      title="Leave without saving?"
      role="alertdialog"
      width="small"
      footer={
        <>
          <Button onPress={onStay} autoFocus>
            Keep editing
          </Button>
          <Button variant="danger" onPress={onDiscard}>
            Leave and discard
          </Button>
          {onSave && (
            <Button variant="primary" isPending={isSaving} onPress={save}>
              Save and leave
            </Button>
          )}
        </>
      }
    >
      {message}
    </Dialog>
  );
}
