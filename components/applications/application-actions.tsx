"use client";

import { CirclePause, CirclePlay, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useDeleteApplication, useUpdateApplication } from "@/components/data/authorization";
import { messageOf } from "@/components/data/client";
import { DeleteDialog } from "@/components/deletion/delete-dialog";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { notify } from "@/components/ui/notify";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { RenameDialog } from "./rename-dialog";

type Asked = "rename" | "deactivate" | "delete" | null;

/** The menu of an application: rename, activate or deactivate, delete. */
export function ApplicationActions({ application }: { application: ApplicationView }) {
  const router = useRouter();
  const update = useUpdateApplication(application.id);
  const remove = useDeleteApplication(application.id);
  const [asked, setAsked] = useState<Asked>(null);
  const close = (isOpen: boolean) => !isOpen && setAsked(null);

  async function setEnabled(enabled: boolean) {
    try {
      await update.mutateAsync({ enabled, etag: application.etag });
      notify.done(enabled ? "Application activated" : "Application deactivated");
      setAsked(null);
    } catch (error) {
      notify.failed(enabled ? "The application wasn't activated" : "The application wasn't deactivated", {
        description: messageOf(error),
      });
    }
  }

  return (
    <>
      <Menu
        label="Application actions"
        trigger={
          <IconButton label="Application actions">
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil aria-hidden />} onAction={() => setAsked("rename")}>
          Rename application
        </MenuItem>
        {application.enabled ? (
          <MenuItem icon={<CirclePause aria-hidden />} onAction={() => setAsked("deactivate")}>
            Deactivate application
          </MenuItem>
        ) : (
          <MenuItem icon={<CirclePlay aria-hidden />} onAction={() => void setEnabled(true)}>
            Activate application
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onAction={() => setAsked("delete")}>
          Delete application
        </MenuItem>
      </Menu>
      {asked === "rename" && <RenameDialog application={application} onOpenChange={close} />}
      <ConfirmDialog
        isOpen={asked === "deactivate"}
        onOpenChange={close}
        title={`Deactivate ${application.name}?`}
        confirmLabel="Deactivate application"
        tone="danger"
        isPending={update.isPending}
        onConfirm={() => void setEnabled(false)}
      >
        It gets no new tokens until you activate it again. Its current tokens are revoked permanently.
      </ConfirmDialog>
      {asked === "delete" && (
        <DeleteDialog
          what={`The application ${application.name}`}
          confirmLabel="Delete application"
          typeToConfirm={application.name}
          isPending={remove.isPending}
          onDelete={() => remove.mutateAsync(application.etag)}
          onDeleted={() => router.push("/applications")}
          onClose={() => setAsked(null)}
        >
          Its client ID, secrets, and tokens stop working immediately. This can't be undone.
        </DeleteDialog>
      )}
    </>
  );
}
