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

/** What the form proposes at first: a quarter of a year. */
const PROPOSED_DAYS = 90;

/** Whether, and after how many days, the keys rotate by themselves. */
export function RotationSection({ server }: { server: AuthorizationServerView }) {
  const update = useUpdateAuthorizationServer(server.id);
  const [edited, setEdited] = useState<{ days: number | undefined } | "by hand" | null>(null);
  const [problem, setProblem] = useState<string>();
  const stored = server.rotationDays === null ? ("by hand" as const) : { days: server.rotationDays };
  const current = edited ?? stored;
  const days = current === "by hand" ? null : current.days;
  const isChanged = days !== server.rotationDays;
  const { seenEtag, takeAsSeen } = useSeenEtag(server.etag, server.rotationDays, isChanged);
  useLeaveGuard(isChanged ? "The rotation of the keys has been changed and not saved." : null);

  function edit(next: typeof edited) {
    update.reset();
    // The problem of a number stays until the next try: the button below must not move from under the pointer.
    if (next === null || next === "by hand") setProblem(undefined);
    setEdited(next);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    setProblem(undefined);
    if (days === undefined) return setProblem("Give a number of days.");
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
    <Section title="Rotation" description="How often a new key takes over. Nobody has to do anything: keys are published before they sign.">
      <form aria-label="Rotation" noValidate onSubmit={(event) => void submit(event)} className="flex max-w-140 flex-col gap-4">
        {update.error && !problem && (
          <Banner meaning="failing" isAlert title="The rotation was not saved.">
            {messageOf(update.error)}
          </Banner>
        )}
        <Switch
          label="Rotate by schedule"
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
                ? `The next rotation is due on ${formatMoment(server.nextRotationAt)}.`
                : "Counted from when the active key began to sign."
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
