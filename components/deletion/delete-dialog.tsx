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
  /** The subject of a sentence: "The scope orders:read". */
  what: string;
  /** Verb and object, for example "Delete scope". */
  confirmLabel: string;
  /** The consequences. */
  children?: ReactNode;
  typeToConfirm?: string;
  isPending: boolean;
  onDelete: () => Promise<unknown>;
  /** Called after deletion, before the dialog closes. */
  onDeleted?: () => void;
  onClose: () => void;
}

/** Confirms a deletion. If the item is in use, lists and links what uses it instead. */
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
        description="It wasn't deleted. Change these first."
        width="small"
        footer={<Button onPress={onClose}>Close</Button>}
      >
        <ul aria-label="Used by" className="flex max-h-60 flex-col gap-1 overflow-y-auto">
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
          <Banner meaning="failing" isAlert title="It wasn't deleted.">
            {failure}
          </Banner>
        )}
      </div>
    </ConfirmDialog>
  );
}
