"use client";

import { type FormEvent, useRef, useState } from "react";
import { useUpdateAuthorizationServer } from "@/components/data/authorization";
import { problemsIn } from "@/components/data/client";
import { ProblemBanner } from "@/components/data/problem-banner";
import { useSeenEtag } from "@/components/data/use-seen-etag";
import { Button } from "@/components/ui/button";
import { useLeaveGuard } from "@/components/ui/leave-guard";
import { notify } from "@/components/ui/notify";
import { Section } from "@/components/ui/page-body";
import { RadioGroup } from "@/components/ui/radio-group";
import { Switch } from "@/components/ui/switch";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { type AuthorizationServerView, authorizationServerPatchSchema } from "@/lib/management/contract/authorization";

const formats = [
  { id: "jwt" as const, label: "JWT", description: "Signed, contains its claims (RFC 9068). Gateways verify it offline." },
  {
    id: "opaque" as const,
    label: "Opaque",
    description: "A random string. APIs introspect it to get its claims.",
  },
];

type Settings = Pick<AuthorizationServerView, "name" | "description" | "audience" | "tokenFormat" | "oktaClaims">;
const settingsOf = ({ name, description, audience, tokenFormat, oktaClaims }: AuthorizationServerView): Settings => ({
  name,
  description,
  audience,
  tokenFormat,
  oktaClaims,
});

/** Edits an authorization server's name, description, audience, and token format. */
export function ServerGeneralSection({ server }: { server: AuthorizationServerView }) {
  const update = useUpdateAuthorizationServer(server.id);
  const form = useRef<HTMLFormElement>(null);
  const [changes, setChanges] = useState<Partial<Settings>>({});
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const stored = settingsOf(server);
  const settings = { ...stored, ...changes };
  const isChanged = JSON.stringify(settings) !== JSON.stringify(stored);
  const { seenEtag, takeAsSeen } = useSeenEtag(server.etag, stored, isChanged);
  const others = problems.filter(({ path }) => !(path in settings));
  const problemAt = (path: keyof Settings) => problems.find((problem) => problem.path === path)?.message;
  useLeaveGuard(isChanged ? "The settings of this authorization server have unsaved changes." : null);

  function change(next: Partial<Settings>) {
    setChanges((former) => ({ ...former, ...next }));
    setProblems((former) => former.filter(({ path }) => !(path in next)));
  }

  function discard() {
    update.reset();
    setChanges({});
    setProblems([]);
  }

  function show(found: readonly Problem[]) {
    setProblems(found);
    form.current?.querySelector<HTMLElement>(`[name="${found[0]?.path}"]`)?.focus();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const checked = authorizationServerPatchSchema.safeParse(changes);
    if (!checked.success) return show(problemsOf(checked.error));
    try {
      await update.mutateAsync({ ...changes, etag: seenEtag });
    } catch (error) {
      takeAsSeen(error);
      return show(problemsIn(error));
    }
    setChanges({});
    notify.done("Settings saved");
  }

  return (
    <Section title="General">
      <form ref={form} aria-label="General" noValidate onSubmit={(event) => void submit(event)} className="flex max-w-160 flex-col gap-5">
        {update.error && (others.length > 0 || problems.length === 0) && (
          <ProblemBanner error={update.error} title="The settings weren't saved." problems={others} />
        )}
        <TextField
          label="Name"
          name="name"
          autoComplete="off"
          value={settings.name}
          onChange={(name) => change({ name })}
          errorMessage={problemAt("name")}
        />
        <TextArea
          label="Description"
          name="description"
          isOptional
          value={settings.description}
          onChange={(description) => change({ description })}
          errorMessage={problemAt("description")}
        />
        <TextField
          label="Audience"
          name="audience"
          mono
          autoComplete="off"
          value={settings.audience}
          onChange={(audience) => change({ audience })}
          description={
            settings.audience === server.audience
              ? "Default aud claim of its access tokens."
              : "Gateways reject tokens with the previous audience. Clients must get new ones."
          }
          errorMessage={problemAt("audience")}
        />
        <RadioGroup
          label="Token format"
          options={formats}
          value={settings.tokenFormat}
          onChange={(tokenFormat) => change({ tokenFormat })}
          errorMessage={problemAt("tokenFormat")}
        />
        <Switch
          label="Add Okta claims"
          isSelected={settings.oktaClaims}
          onChange={(oktaClaims) => change({ oktaClaims })}
          description="Adds cid and scp to client_id and scope, for backends that expect Okta tokens."
        />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" isDisabled={!isChanged} isPending={update.isPending}>
            Save settings
          </Button>
          {isChanged && (
            <Button variant="quiet" onPress={discard}>
              Discard changes
            </Button>
          )}
        </div>
      </form>
    </Section>
  );
}
