"use client";

import { type FormEvent, useId, useState } from "react";
import { useUpdateApplication } from "@/components/data/authorization";
import { problemsIn } from "@/components/data/client";
import { ProblemBanner } from "@/components/data/problem-banner";
import { useSeenEtag } from "@/components/data/use-seen-etag";
import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/drawer";
import { notify } from "@/components/ui/notify";
import { Switch } from "@/components/ui/switch";
import type { Problem } from "@/lib/definition/problems";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { authenticationBody, authenticationDraft, isAuthenticationProblem } from "./authentication-draft";
import { AuthenticationFields } from "./authentication-fields";
import { dpopDescription } from "./dpop-words";

/** Edits an application's client authentication and whether it requires DPoP. */
export function AuthenticationDrawer({ application, onClose }: { application: ApplicationView; onClose: () => void }) {
  const formId = useId();
  const update = useUpdateApplication(application.id);
  const [draft, setDraft] = useState(() => authenticationDraft(application));
  const [dpopBound, setDpopBound] = useState(application.dpopBound);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { seenEtag, takeAsSeen } = useSeenEtag(application.etag, [authenticationDraft(application), application.dpopBound], true);
  const others = problems.filter((problem) => !isAuthenticationProblem(problem));

  async function submit(event: FormEvent) {
    event.preventDefault();
    const written = authenticationBody(draft);
    if ("problems" in written) return setProblems(written.problems);
    try {
      await update.mutateAsync({ ...written.body, dpopBound, etag: seenEtag });
    } catch (error) {
      takeAsSeen(error);
      return setProblems(problemsIn(error));
    }
    notify.done("Authentication saved");
    onClose();
  }

  return (
    <Drawer
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Change authentication"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isPending={update.isPending}>
            Save authentication
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-6">
        {update.error && (others.length > 0 || problems.length === 0) && (
          <ProblemBanner error={update.error} title="The authentication wasn't saved." problems={others} />
        )}
        <AuthenticationFields
          draft={draft}
          showsAll
          onChange={(changes) => {
            setProblems([]);
            setDraft((former) => ({ ...former, ...changes }));
          }}
          problems={problems}
        />
        <Switch label="Require DPoP" isSelected={dpopBound} onChange={setDpopBound} description={dpopDescription} />
      </form>
    </Drawer>
  );
}
