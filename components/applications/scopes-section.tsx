"use client";

import { useState } from "react";
import { useUpdateApplication } from "@/components/data/authorization";
import { messageOf, problemsIn } from "@/components/data/client";
import { useSeenEtag } from "@/components/data/use-seen-etag";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { useLeaveGuard } from "@/components/ui/leave-guard";
import { notify } from "@/components/ui/notify";
import { Section } from "@/components/ui/page-body";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { ScopeListField } from "./scope-list-field";

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((scope) => b.includes(scope));

/** Edits the scopes that an application may request. */
export function ScopesSection({ application }: { application: ApplicationView }) {
  const update = useUpdateApplication(application.id);
  const [edited, setEdited] = useState<string[] | null>(null);
  const scopes = edited ?? application.scopes;
  const isChanged = edited !== null && !same(edited, application.scopes);
  const problems = problemsIn(update.error);
  const { seenEtag, takeAsSeen } = useSeenEtag(application.etag, application.scopes, isChanged);
  useLeaveGuard(isChanged ? "The scopes of this application have unsaved changes." : null);

  async function save() {
    try {
      await update.mutateAsync({ scopes, etag: seenEtag });
      setEdited(null);
      notify.done("Scopes saved");
    } catch (error) {
      // The field shows the error and keeps the input.
      takeAsSeen(error);
    }
  }

  return (
    <Section title="Scopes" description="Requestable scopes. Empty: any the policies allow.">
      {update.error && problems.length === 0 && (
        <Banner meaning="failing" isAlert>
          {messageOf(update.error)}
        </Banner>
      )}
      <ScopeListField
        label="Scopes"
        serverId={application.authorizationServer}
        value={scopes}
        onChange={(next) => {
          update.reset();
          setEdited(next);
        }}
        problems={problems}
      />
      <div className="flex flex-wrap gap-2">
        <Button isDisabled={!isChanged} isPending={update.isPending} onPress={() => void save()}>
          Save scopes
        </Button>
        {isChanged && (
          <Button
            variant="quiet"
            onPress={() => {
              update.reset();
              setEdited(null);
            }}
          >
            Discard changes
          </Button>
        )}
      </div>
    </Section>
  );
}
