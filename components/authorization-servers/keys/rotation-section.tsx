"use client";

import { type FormEvent, useState } from "react";
import { useUpdateAuthorizationServer } from "@/components/data/authorization";
import { messageOf, problemsIn } from "@/components/data/client";
import { useSeenEtag } from "@/components/data/use-seen-etag";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { formatMoment } from "@/components/ui/format-time";
import { useLeaveGuard } from "@/components/ui/leave-guard";
import { notify } from "@/components/ui/notify";
import { NumberField } from "@/components/ui/number-field";
import { Section } from "@/components/ui/page-body";
import { Switch } from "@/components/ui/switch";
import { problemsOf } from "@/lib/definition/problems";
import { type AuthorizationServerView, authorizationServerPatchSchema } from "@/lib/management/contract/authorization";

/** The default of the form, in days. */
const PROPOSED_DAYS = 90;

/** Edits the automatic rotation of the keys. */
export function RotationSection({ server }: { server: AuthorizationServerView }) {
  const update = useUpdateAuthorizationServer(server.id);
  const [edited, setEdited] = useState<{ days: number | undefined } | "by hand" | null>(null);
  const [problem, setProblem] = useState<string>();
  const stored = server.rotationDays === null ? ("by hand" as const) : { days: server.rotationDays };
  const current = edited ?? stored;
  const days = current === "by hand" ? null : current.days;
  const isChanged = days !== server.rotationDays;
  const { seenEtag, takeAsSeen } = useSeenEtag(server.etag, server.rotationDays, isChanged);
  useLeaveGuard(isChanged ? "The key rotation has unsaved changes." : null);

  function edit(next: typeof edited) {
    update.reset();
    // A problem stays until the next submit: removing it would move the button from under the pointer.
    if (next === null || next === "by hand") setProblem(undefined);
    setEdited(next);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    setProblem(undefined);
    if (days === undefined) return setProblem("Enter a number of days.");
    const checked = authorizationServerPatchSchema.safeParse({ rotationDays: days });
    if (!checked.success) return setProblem(problemsOf(checked.error)[0]?.message);
    try {
      await update.mutateAsync({ rotationDays: days, etag: seenEtag });
      setEdited(null);
      notify.done("Rotation saved");
    } catch (error) {
      takeAsSeen(error);
      setProblem(problemsIn(error)[0]?.message);
    }
  }

  return (
    <Section
      title="Rotation"
      description="How often the next key starts signing. Keys are published before they sign, so clients need no change."
    >
      <form aria-label="Rotation" noValidate onSubmit={(event) => void submit(event)} className="flex max-w-140 flex-col gap-4">
        {update.error && !problem && (
          <Banner meaning="failing" isAlert title="The rotation wasn't saved.">
            {messageOf(update.error)}
          </Banner>
        )}
        <Switch
          label="Rotate automatically"
          isSelected={current !== "by hand"}
          onChange={(isOn) => edit(isOn ? { days: server.rotationDays ?? PROPOSED_DAYS } : "by hand")}
        />
        {current !== "by hand" && (
          <NumberField
            label="Every"
            unit="days"
            value={current.days}
            onChange={(next) => edit({ days: next })}
            description={
              server.nextRotationAt && !isChanged
                ? `Next rotation: ${formatMoment(server.nextRotationAt)}.`
                : "Counted from the activation of the active key."
            }
            errorMessage={problem}
          />
        )}
        {isChanged && (
          <div className="flex flex-wrap gap-2">
            <Button type="submit" isPending={update.isPending}>
              Save rotation
            </Button>
            <Button variant="quiet" onPress={() => edit(null)}>
              Discard changes
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}
