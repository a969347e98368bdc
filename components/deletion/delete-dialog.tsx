"use client";

import { type ReactNode, useState } from "react";
import { messageOf } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog } from "@/components/ui/dialog";
import { Link } from "@/components/ui/link";
import { notify } from "@/components/ui/notify";
import { type Use, usesIn } from "./uses";

interface DeleteDialogProps {
  /** What is deleted, as a sentence begins with it: "The scope orders:read". */
  what: string;
  /** A verb with its object, for example "Delete scope". */
  confirmLabel: string;
  /** What happens then. */
  children?: ReactNode;
  typeToConfirm?: string;
  isPending: boolean;
  onDelete: () => Promise<unknown>;
  /** Told when it is gone, before the dialog closes. */
  onDeleted?: () => void;
  onClose: () => void;
}

/** Asks before a deletion. When something uses the thing, it says what and leads there instead. */
export function DeleteDialog(props: DeleteDialogProps) {
  const { what, confirmLabel, children, typeToConfirm, isPending, onDelete, onDeleted, onClose } = props;
  const [uses, setUses] = useState<readonly Use[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const name = what.replace(/^The /, "the ");

  async function run() {
    setFailure(null);
    try {
      await onDelete();
      notify.done(`${what} was deleted`);
      onDeleted?.();
      onClose();
    } catch (error) {
      const found = usesIn(error);
      setUses(found);
      if (found.length === 0) setFailure(messageOf(error));
    }
  }

  if (uses.length > 0) {
    return (
      <Dialog
        isOpen
        onOpenChange={(isOpen) => !isOpen && onClose()}
        title={`${what} is in use`}
        description="It was not deleted. Change these first."
        width="small"
        footer={<Button onPress={onClose}>Close</Button>}
      >
        <ul aria-label="What uses it" className="flex max-h-60 flex-col gap-1 overflow-y-auto">
          {uses.map((use) => (
            <li key={`${use.href} ${use.name}`} className="[overflow-wrap:anywhere]">
              {use.href ? <Link href={use.href}>{use.name}</Link> : use.name}
            </li>
          ))}
        </ul>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete ${name}?`}
      confirmLabel={confirmLabel}
      tone="danger"
      {...(typeToConfirm ? { typeToConfirm } : {})}
      isPending={isPending}
      onConfirm={() => void run()}
    >
      <div className="flex flex-col gap-3">
        {children}
        {failure && (
          <Banner meaning="failing" isAlert title="It was not deleted.">
            {failure}
          </Banner>
        )}
      </div>
    </ConfirmDialog>
  );
}
