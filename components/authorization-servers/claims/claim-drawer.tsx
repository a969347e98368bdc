"use client";

import { useRef, useState } from "react";
import { ScopeListField } from "@/components/applications/scope-list-field";
import { problemsIn } from "@/components/data/client";
import { useCreateClaim, useUpdateClaim } from "@/components/data/server-rules";
import { notify } from "@/components/ui/notify";
import { RadioGroup } from "@/components/ui/radio-group";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { type ClaimView, claimBodySchema } from "@/lib/management/contract/authorization";
import { SaveDrawer } from "../save-drawer";
import { type ValueMode, valueDraft, valueOfDraft } from "./claim-value";
import { ExpressionVariables } from "./expression-variables";

interface ClaimDrawerProps {
  serverId: string;
  /** The claim to edit; null to add one. */
  claim: ClaimView | null;
  onClose: () => void;
}

const modes = [
  { id: "text" as const, label: "Text" },
  { id: "json" as const, label: "JSON" },
  { id: "expression" as const, label: "CEL expression" },
];
const valueLabels: Record<ValueMode, string> = { text: "Text", json: "JSON", expression: "Expression" };
const valueExamples: Record<ValueMode, string> = { text: "gold", json: '["gold", 3]', expression: "client.name" };

const whens = [
  { id: "always" as const, label: "Always" },
  { id: "scopes" as const, label: "For specific scopes", description: "Added when the token has one of them." },
];

const isShown = ({ path }: Problem) => /^(name|value|scopes(\[\d+\])?)$/.test(path);

/** Adds a claim, or edits one. */
export function ClaimDrawer({ serverId, claim, onClose }: ClaimDrawerProps) {
  const create = useCreateClaim(serverId);
  const update = useUpdateClaim(serverId);
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(claim?.name ?? "");
  const [value, setValue] = useState(claim ? valueDraft(claim) : { mode: "text" as ValueMode, text: "" });
  const [when, setWhen] = useState<"always" | "scopes">(claim && claim.scopes.length > 0 ? "scopes" : "always");
  const [scopes, setScopes] = useState<readonly string[]>(claim?.scopes ?? []);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;
  const forget = (path: string) => setProblems((former) => former.filter((problem) => !problem.path.startsWith(path)));

  function show(found: readonly Problem[]) {
    setProblems(found);
    const first = ["name", "value"].find((path) => found.some((problem) => problem.path === path));
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  async function submit() {
    const written = valueOfDraft(value.mode, value.text);
    if ("problem" in written) return show([{ path: "value", message: written.problem }]);
    if (when === "scopes" && scopes.length === 0) return show([{ path: "scopes", message: "Add at least one scope, or select Always." }]);
    const body = { name: name.trim(), ...written, scopes: when === "scopes" ? [...scopes] : [] };
    const checked = claimBodySchema.safeParse(body);
    if (!checked.success) return show(problemsOf(checked.error));
    try {
      if (claim) await update.mutateAsync({ id: claim.id, etag: claim.etag, ...written, scopes: body.scopes });
      else await create.mutateAsync(body);
    } catch (failure) {
      return show(problemsIn(failure));
    }
    notify.done(`Claim ${body.name} ${claim ? "saved" : "added"}`);
    onClose();
  }

  return (
    <SaveDrawer
      title={claim ? `Claim ${claim.name}` : "Add claim"}
      noun="claim"
      isNew={!claim}
      isPending={create.isPending || update.isPending}
      error={create.error ?? update.error}
      problems={problems}
      isShown={isShown}
      formRef={form}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label="Name"
        name="name"
        mono
        autoFocus={!claim}
        autoComplete="off"
        placeholder="tier"
        value={name}
        onChange={(next) => {
          forget("name");
          setName(next);
        }}
        isDisabled={claim !== null}
        description={claim ? "You can't rename a claim." : "The name in the token. Can't be changed later."}
        errorMessage={problemAt("name")}
      />
      <SegmentedControl
        label="Value"
        options={modes}
        value={value.mode}
        onChange={(mode) => {
          forget("value");
          setValue({ ...value, mode });
        }}
      />
      <TextArea
        label={valueLabels[value.mode]}
        name="value"
        mono
        rows={value.mode === "text" ? 2 : 4}
        placeholder={valueExamples[value.mode]}
        value={value.text}
        onChange={(text) => {
          forget("value");
          setValue({ ...value, text });
        }}
        description={value.mode === "expression" ? "If it fails, no token is issued, and the error names this claim." : undefined}
        errorMessage={problemAt("value")}
      />
      <RadioGroup
        label="Include"
        options={whens}
        value={when}
        onChange={(next) => {
          forget("scopes");
          setWhen(next);
        }}
      />
      {when === "scopes" && (
        <ScopeListField
          label="Scopes"
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
      {value.mode === "expression" && <ExpressionVariables />}
    </SaveDrawer>
  );
}
