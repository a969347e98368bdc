"use client";

import { type ReactNode, useEffect } from "react";
import { Banner } from "./banner";
import { Button } from "./button";
import { CopyField } from "./copy-field";
import { Dialog } from "./dialog";

export interface OneTimeSecretDialogProps {
  isOpen: boolean;
  title: string;
  /** Values to use with the secret, such as the client ID. */
  facts?: readonly { label: string; value: string }[];
  secret: { label: string; value: string };
  /** Ready-to-use content, such as a curl command. */
  children?: ReactNode;
  /** Called only by the confirm button. */
  onAcknowledge: () => void;
}

/** Shows a secret once. Esc and outside clicks don't close it, and leaving the page asks first. */
export function OneTimeSecretDialog({ isOpen, title, facts = [], secret, children, onAcknowledge }: OneTimeSecretDialogProps) {
  useEffect(() => {
    if (!isOpen) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isOpen]);
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={() => undefined}
      title={title}
      isDismissable={false}
      footer={
        <Button variant="primary" onPress={onAcknowledge}>
          I have saved it
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Banner meaning="open">Copy it now. Only a hash is stored.</Banner>
        {facts.map((fact) => (
          <CopyField key={fact.label} label={fact.label} value={fact.value} />
        ))}
        <CopyField label={secret.label} value={secret.value} />
        {children}
      </div>
    </Dialog>
  );
}
