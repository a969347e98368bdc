"use client";

import { type ReactNode, useEffect } from "react";
import { Banner } from "./banner";
import { Button } from "./button";
import { CopyField } from "./copy-field";
import { Dialog } from "./dialog";

export interface OneTimeSecretDialogProps {
  isOpen: boolean;
  title: string;
  /** What else is needed to use the secret, such as the client id. */
  facts?: readonly { label: string; value: string }[];
  secret: { label: string; value: string };
  /** Something ready to use with it, such as a curl command. */
  children?: ReactNode;
  /** Called by "I have saved it" and by nothing else. */
  onAcknowledge: () => void;
}

/** Shows a secret for the only time. Neither Esc nor a click beside it closes it, and leaving the page asks first. */
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
        <Banner meaning="open">This is the only time the {secret.label.toLowerCase()} is shown. Only a hash of it is kept.</Banner>
        {facts.map((fact) => (
          <CopyField key={fact.label} label={fact.label} value={fact.value} />
        ))}
        <CopyField label={secret.label} value={secret.value} />
        {children}
      </div>
    </Dialog>
  );
}
