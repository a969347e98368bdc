"use client";

import { type FormEvent, useId, useState } from "react";
import { useCreateSecret } from "@/components/data/authorization";
import { messageOf, problemsIn } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { NumberField } from "@/components/ui/number-field";
import { Select } from "@/components/ui/select";
import { problemsOf } from "@/lib/definition/problems";
import { type ApplicationView, secretBodySchema } from "@/lib/management/contract/authorization";

const lives = [
  { id: "never" as const, label: "Never" },
  { id: "30" as const, label: "In 30 days" },
  { id: "90" as const, label: "In 90 days" },
  { id: "365" as const, label: "In 365 days" },
  { id: "other" as const, label: "Custom" },
];

interface AddSecretDialogProps {
  application: ApplicationView;
  /** Called with the new secret, which the API returns only once. */
  onAdded: (clientSecret: string) => void;
  onClose: () => void;
}

/** Adds a client secret with an optional expiry. */
export function AddSecretDialog({ application, onAdded, onClose }: AddSecretDialogProps) {
  const formId = useId();
  const create = useCreateSecret(application.id);
  const [life, setLife] = useState<(typeof lives)[number]["id"]>("never");
  const [days, setDays] = useState<number | undefined>(180);
  const [problem, setProblem] = useState<string>();

  // A problem stays until the next submit: removing it on blur would move the button from under the pointer.
  async function submit(event: FormEvent) {
    event.preventDefault();
    setProblem(undefined);
    const expiresInDays = life === "never" ? null : life === "other" ? (days ?? Number.NaN) : Number(life);
    const checked = secretBodySchema.safeParse({ expiresInDays });
    if (!checked.success) return setProblem(days === undefined ? "Enter a number of days." : problemsOf(checked.error)[0]?.message);
    try {
      onAdded((await create.mutateAsync({ expiresInDays })).clientSecret);
    } catch (error) {
      setProblem(problemsIn(error)[0]?.message);
    }
  }

  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Add client secret"
      description="Existing secrets stay valid, so you can rotate without downtime."
      width="small"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isPending={create.isPending}>
            Add secret
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {create.error && !problem && (
          <Banner meaning="failing" isAlert title="The secret wasn't added.">
            {messageOf(create.error)}
          </Banner>
        )}
        <Select
          label="Expires"
          options={lives}
          value={life}
          onChange={(next) => {
            setProblem(undefined);
            setLife(next);
          }}
          errorMessage={life === "other" ? undefined : problem}
        />
        {life === "other" && <NumberField label="Days" unit="days" value={days} onChange={setDays} errorMessage={problem} />}
      </form>
    </Dialog>
  );
}
