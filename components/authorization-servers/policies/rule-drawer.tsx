"use client";

import { useRef, useState } from "react";
import { ScopeListField } from "@/components/applications/scope-list-field";
import { problemsIn } from "@/components/data/client";
import { useCreateRule, useUpdateRule } from "@/components/data/server-rules";
import { notify } from "@/components/ui/notify";
import { NumberField } from "@/components/ui/number-field";
import { RadioGroup } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { TextField } from "@/components/ui/text-field";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { type AccessPolicyView, type AccessRuleView, accessRuleBodySchema } from "@/lib/management/contract/authorization";
import { SaveDrawer } from "../save-drawer";
import { lifetimeWords } from "./lifetime-words";

interface RuleDrawerProps {
  serverId: string;
  policy: AccessPolicyView;
  /** The rule to edit; null to add one. */
  rule: AccessRuleView | null;
  onClose: () => void;
}

const grants = [
  { id: "any" as const, label: "Any grant" },
  { id: "client_credentials" as const, label: "Client credentials" },
];
const scopeChoices = [
  { id: "any" as const, label: "Any scope", description: "Every scope that the application may request." },
  { id: "some" as const, label: "Only these scopes", description: "Requests for other scopes are denied, never narrowed." },
];
const DEFAULT_MINUTES = 60;
const isShown = ({ path }: Problem) => /^(name|scopes(\[\d+\])?|lifetimeMinutes)$/.test(path);

/** Adds or edits a rule of an access policy. */
export function RuleDrawer({ serverId, policy, rule, onClose }: RuleDrawerProps) {
  const create = useCreateRule(serverId, policy.id);
  const update = useUpdateRule(serverId, policy.id);
  const nameRef = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(rule?.name ?? "");
  const [grant, setGrant] = useState<"any" | "client_credentials">(rule && rule.grantTypes.length > 0 ? "client_credentials" : "any");
  const [choice, setChoice] = useState<"any" | "some">(rule && rule.scopes.length > 0 ? "some" : "any");
  const [scopes, setScopes] = useState<readonly string[]>(rule?.scopes ?? []);
  const [minutes, setMinutes] = useState<number | undefined>(rule?.lifetimeMinutes ?? DEFAULT_MINUTES);
  const [enabled, setEnabled] = useState(rule?.enabled ?? true);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;
  const forget = (path: string) => setProblems((former) => former.filter((problem) => !problem.path.startsWith(path)));

  function show(found: readonly Problem[]) {
    setProblems(found);
    if (found.some(({ path }) => path === "name")) nameRef.current?.focus();
  }

  async function submit() {
    if (choice === "some" && scopes.length === 0)
      return show([{ path: "scopes", message: "Add at least one scope, or select Any scope." }]);
    if (minutes === undefined) return show([{ path: "lifetimeMinutes", message: "Enter a number of minutes from 5 to 1,440." }]);
    const body = {
      name,
      enabled,
      grantTypes: grant === "any" ? [] : [grant],
      scopes: choice === "any" ? [] : [...scopes],
      lifetimeMinutes: minutes,
    };
    const checked = accessRuleBodySchema.safeParse(body);
    if (!checked.success) return show(problemsOf(checked.error));
    try {
      if (rule) await update.mutateAsync({ id: rule.id, etag: rule.etag, ...checked.data });
      else await create.mutateAsync(checked.data);
    } catch (failure) {
      return show(problemsIn(failure));
    }
    notify.done(`Rule ${checked.data.name} ${rule ? "saved" : "added"}`);
    onClose();
  }

  return (
    <SaveDrawer
      title={rule ? `Rule ${rule.name}` : `Add rule to ${policy.name}`}
      noun="rule"
      isNew={!rule}
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
        placeholder="Read orders"
        inputRef={nameRef}
        value={name}
        onChange={(next) => {
          forget("name");
          setName(next);
        }}
        errorMessage={problemAt("name")}
      />
      <Select label="Grant" options={grants} value={grant} onChange={setGrant} description="Grant type of the token request." />
      <RadioGroup
        label="Scopes"
        options={scopeChoices}
        value={choice}
        onChange={(next) => {
          forget("scopes");
          setChoice(next);
        }}
      />
      {choice === "some" && (
        <ScopeListField
          label="Allowed scopes"
          isRequired
          serverId={serverId}
          value={scopes}
          onChange={(next) => {
            forget("scopes");
            setScopes(next);
          }}
          problems={problems}
        />
      )}
      <NumberField
        label="Lifetime"
        unit="min"
        value={minutes}
        onChange={(next) => {
          forget("lifetimeMinutes");
          setMinutes(next);
        }}
        description={minutes === undefined ? "From 5 to 1,440 minutes." : `Tokens expire after ${lifetimeWords(minutes)}.`}
        errorMessage={problemAt("lifetimeMinutes")}
      />
      <Switch label="Active" isSelected={enabled} onChange={setEnabled} description="Inactive rules are skipped." />
    </SaveDrawer>
  );
}
