"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { RefusedBanner } from "@/components/apis/refused-banner";
import { useCreateScope, useUpdateScope } from "@/components/data/authorization";
import { problemsIn } from "@/components/data/client";
import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/drawer";
import { notify } from "@/components/ui/notify";
import { Switch } from "@/components/ui/switch";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { type ScopeView, scopeBodySchema } from "@/lib/management/contract/authorization";

interface ScopeDrawerProps {
  serverId: string;
  /** The scope to edit; null to add one. */
  scope: ScopeView | null;
  onClose: () => void;
}

const fields = ["name", "description"];

/** Adds a scope, or edits one. A scope keeps its name: tokens and steps know it by that. */
export function ScopeDrawer({ serverId, scope, onClose }: ScopeDrawerProps) {
  const formId = useId();
  const create = useCreateScope(serverId);
  const update = useUpdateScope(serverId);
  const nameRef = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(scope?.name ?? "");
  const [description, setDescription] = useState(scope?.description ?? "");
  const [isDefault, setIsDefault] = useState(scope?.default ?? false);
  const [published, setPublished] = useState(scope?.published ?? false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const error = create.error ?? update.error;
  const others = problems.filter(({ path }) => !fields.includes(path));
  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;

  function show(found: readonly Problem[]) {
    setProblems(found);
    if (found.some(({ path }) => path === "name")) nameRef.current?.focus();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const body = { name: name.trim(), description: description.trim(), default: isDefault, published };
    const checked = scopeBodySchema.safeParse(body);
    if (!checked.success) return show(problemsOf(checked.error));
    try {
      if (scope) await update.mutateAsync({ id: scope.id, description: body.description, default: isDefault, published });
      else await create.mutateAsync(body);
    } catch (failure) {
      return show(problemsIn(failure));
    }
    notify.done(scope ? `Scope ${scope.name} saved` : `Scope ${body.name} added`);
    onClose();
  }

  return (
    <Drawer
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={scope ? `Scope ${scope.name}` : "Add scope"}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isPending={create.isPending || update.isPending}>
            {scope ? "Save scope" : "Add scope"}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
        {error && (others.length > 0 || problems.length === 0) && (
          <RefusedBanner error={error} title="The scope was not saved." problems={others} />
        )}
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
          description={scope ? "A scope keeps its name." : "What requests ask for and steps require. It cannot be changed later."}
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
          description="Granted, where the rule and the application allow it, when a request names no scope."
        />
        <Switch
          label="Published in metadata"
          isSelected={published}
          onChange={setPublished}
          description="Named under scopes_supported, for everybody to read."
        />
      </form>
    </Drawer>
  );
}
