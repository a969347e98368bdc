"use client";

import { useRef, useState } from "react";
import { problemsIn } from "@/components/data/client";
import { useCreatePolicy, useUpdatePolicy } from "@/components/data/server-rules";
import { notify } from "@/components/ui/notify";
import { RadioGroup } from "@/components/ui/radio-group";
import { Switch } from "@/components/ui/switch";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { type AccessPolicyView, accessPolicyBodySchema } from "@/lib/management/contract/authorization";
import { SaveDrawer } from "../save-drawer";
import { ApplicationPicker } from "./application-picker";

interface PolicyDrawerProps {
  serverId: string;
  /** The policy to edit; null to add one. */
  policy: AccessPolicyView | null;
  onClose: () => void;
}

const choices = [
  { id: "all" as const, label: "Every application of this server", description: "Including those created later." },
  { id: "some" as const, label: "Only these applications" },
];
const isShown = ({ path }: Problem) => /^(name|description|applications(\[\d+\])?)$/.test(path);

/**
 * Adds or edits an access policy. A new policy starts with the rule "Any scope". One for specific applications goes to
 * the top: a policy for all applications would decide first.
 */
export function PolicyDrawer({ serverId, policy, onClose }: PolicyDrawerProps) {
  const create = useCreatePolicy(serverId);
  const update = useUpdatePolicy(serverId);
  const nameRef = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(policy?.name ?? "");
  const [description, setDescription] = useState(policy?.description ?? "");
  const [choice, setChoice] = useState<"all" | "some">(policy && policy.applications.length > 0 ? "some" : "all");
  const [applications, setApplications] = useState<readonly string[]>(policy?.applications ?? []);
  const [enabled, setEnabled] = useState(policy?.enabled ?? true);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;
  const forget = (path: string) => setProblems((former) => former.filter((problem) => !problem.path.startsWith(path)));

  function show(found: readonly Problem[]) {
    setProblems(found);
    if (found.some(({ path }) => path === "name")) nameRef.current?.focus();
  }

  async function submit() {
    if (choice === "some" && applications.length === 0) {
      return show([{ path: "applications", message: "Select at least one application." }]);
    }
    const body = { name, description: description.trim(), enabled, applications: choice === "all" ? [] : [...applications] };
    const checked = accessPolicyBodySchema.omit({ priority: true, rules: true }).safeParse(body);
    if (!checked.success) return show(problemsOf(checked.error));
    try {
      if (policy) await update.mutateAsync({ id: policy.id, etag: policy.etag, ...checked.data });
      else await create.mutateAsync({ ...checked.data, ...(choice === "some" ? { priority: 1 } : {}), rules: [{ name: "Any scope" }] });
    } catch (failure) {
      return show(problemsIn(failure));
    }
    notify.done(`Policy ${checked.data.name} ${policy ? "saved" : "added"}`);
    onClose();
  }

  return (
    <SaveDrawer
      title={policy ? `Policy ${policy.name}` : "Add access policy"}
      noun="policy"
      isNew={!policy}
      isPending={create.isPending || update.isPending}
      error={create.error ?? update.error}
      problems={problems}
      isShown={isShown}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label="Name"
        autoFocus
        autoComplete="off"
        placeholder="Partners"
        inputRef={nameRef}
        value={name}
        onChange={(next) => {
          forget("name");
          setName(next);
        }}
        errorMessage={problemAt("name")}
      />
      <TextArea
        label="Description"
        isOptional
        rows={2}
        value={description}
        onChange={setDescription}
        errorMessage={problemAt("description")}
      />
      <RadioGroup
        label="Applies to"
        options={choices}
        value={choice}
        onChange={(next) => {
          forget("applications");
          setChoice(next);
        }}
      />
      {choice === "some" && (
        <ApplicationPicker
          serverId={serverId}
          value={applications}
          onChange={(next) => {
            forget("applications");
            setApplications(next);
          }}
          errorMessage={problems.find(({ path }) => path.startsWith("applications"))?.message}
        />
      )}
      <Switch label="Active" isSelected={enabled} onChange={setEnabled} description="Inactive policies are skipped." />
      {!policy && (
        <p className="max-w-measure text-muted text-xs">
          The policy is added at the {choice === "some" ? "top" : "end"} with one rule: Any scope, 1 hour. You can change both.
        </p>
      )}
    </SaveDrawer>
  );
}
