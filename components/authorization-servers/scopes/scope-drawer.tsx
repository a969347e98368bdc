"use client";

import { useRef, useState } from "react";
import { useCreateScope, useUpdateScope } from "@/components/data/authorization";
import { problemsIn } from "@/components/data/client";
import { notify } from "@/components/ui/notify";
import { Switch } from "@/components/ui/switch";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { type ScopeView, scopeBodySchema } from "@/lib/management/contract/authorization";
import { SaveDrawer } from "../save-drawer";

interface ScopeDrawerProps {
  serverId: string;
  /** The scope to edit; null to add one. */
  scope: ScopeView | null;
  onClose: () => void;
}

const isShown = ({ path }: Problem) => path === "name" || path === "description";

/** Adds or edits a scope. The name can't change: tokens and steps refer to it. */
export function ScopeDrawer({ serverId, scope, onClose }: ScopeDrawerProps) {
  const create = useCreateScope(serverId);
  const update = useUpdateScope(serverId);
  const nameRef = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(scope?.name ?? "");
  const [description, setDescription] = useState(scope?.description ?? "");
  const [isDefault, setIsDefault] = useState(scope?.default ?? false);
  const [published, setPublished] = useState(scope?.published ?? false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;

  function show(found: readonly Problem[]) {
    setProblems(found);
    if (found.some(({ path }) => path === "name")) nameRef.current?.focus();
  }

  async function submit() {
    const body = { name: name.trim(), description: description.trim(), default: isDefault, published };
    const checked = scopeBodySchema.safeParse(body);
    if (!checked.success) return show(problemsOf(checked.error));
    try {
      if (scope) await update.mutateAsync({ id: scope.id, etag: scope.etag, description: body.description, default: isDefault, published });
      else await create.mutateAsync(body);
    } catch (failure) {
      return show(problemsIn(failure));
    }
    notify.done(scope ? `Scope ${scope.name} saved` : `Scope ${body.name} added`);
    onClose();
  }

  return (
    <SaveDrawer
      title={scope ? `Scope ${scope.name}` : "Add scope"}
      noun="scope"
      isNew={!scope}
      isPending={create.isPending || update.isPending}
      error={create.error ?? update.error}
      problems={problems}
      isShown={isShown}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label="Name"
        mono
        autoFocus={!scope}
        autoComplete="off"
        placeholder="orders:read"
        inputRef={nameRef}
        value={name}
        onChange={(value) => {
          setProblems([]);
          setName(value);
        }}
        isDisabled={scope !== null}
        description={scope ? "You can't rename a scope." : "The name that clients request and steps require. Can't be changed later."}
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
      <Switch
        label="Default"
        isSelected={isDefault}
        onChange={setIsDefault}
        description="Granted if a request names no scope and the rule and application allow it."
      />
      <Switch
        label="Published in metadata"
        isSelected={published}
        onChange={setPublished}
        description="Listed publicly under scopes_supported."
      />
    </SaveDrawer>
  );
}
