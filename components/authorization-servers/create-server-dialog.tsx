"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useRef, useState } from "react";
import { useCreateAuthorizationServer } from "@/components/data/authorization";
import { problemsIn } from "@/components/data/client";
import { ProblemBanner } from "@/components/data/problem-banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { authorizationServerBodySchema } from "@/lib/management/contract/authorization";
import { suggestId } from "./suggest-id";

const empty = { name: "", id: "", audience: "", description: "" };
type Field = keyof typeof empty;
const fields = Object.keys(empty) as Field[];

interface CreateServerDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/**
 * Creates an authorization server. ID and audience follow the name until the user types one. Reopening the dialog keeps the input.
 */
export function CreateServerDialog({ isOpen, onOpenChange }: CreateServerDialogProps) {
  const formId = useId();
  const router = useRouter();
  const create = useCreateAuthorizationServer();
  const form = useRef<HTMLFormElement>(null);
  const [server, setServer] = useState(empty);
  const [typed, setTyped] = useState<ReadonlySet<Field>>(new Set());
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const others = problems.filter((problem) => !fields.some((field) => field === problem.path));

  function change(field: Field, value: string) {
    setTyped((former) => new Set([...former, field]));
    setServer((former) => {
      const next = { ...former, [field]: value };
      if (field !== "name") return next;
      const id = suggestId(value);
      return { ...next, ...(typed.has("id") ? {} : { id }), ...(typed.has("audience") ? {} : { audience: id && `api://${id}` }) };
    });
    setProblems((former) => former.filter((problem) => problem.path !== field && field !== "name"));
  }

  function show(found: readonly Problem[]) {
    setProblems(found);
    const first = fields.find((field) => found.some((problem) => problem.path === field));
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const body = { name: server.name, audience: server.audience, description: server.description, ...(server.id ? { id: server.id } : {}) };
    const checked = authorizationServerBodySchema.safeParse(body);
    if (!checked.success) return show(problemsOf(checked.error));
    create.mutate(body, {
      onSuccess: (created) => router.push(`/authorization-servers/${created.id}`),
      onError: (error) => show(problemsIn(error)),
    });
  }

  const field = (name: Field) => ({
    name,
    value: server[name],
    onChange: (value: string) => change(name, value),
    errorMessage: problems.find((problem) => problem.path === name)?.message,
  });
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Create authorization server"
      footer={
        <>
          <Button onPress={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isPending={create.isPending || create.isSuccess}>
            Create authorization server
          </Button>
        </>
      }
    >
      <form id={formId} ref={form} onSubmit={submit} noValidate className="flex flex-col gap-5">
        {create.error && (others.length > 0 || problems.length === 0) && (
          <ProblemBanner error={create.error} title="The authorization server wasn't created." problems={others} />
        )}
        <TextField {...field("name")} label="Name" autoFocus autoComplete="off" placeholder="Orders" />
        <TextField
          {...field("id")}
          label="ID"
          mono
          autoComplete="off"
          placeholder="orders"
          description={`Part of the issuer URL, /oauth2/${server.id || "orders"}. Can't be changed.`}
        />
        <TextField
          {...field("audience")}
          label="Audience"
          mono
          autoComplete="off"
          placeholder="api://orders"
          description="Default aud claim of its access tokens."
        />
        <TextArea {...field("description")} label="Description" isOptional rows={3} />
      </form>
    </Dialog>
  );
}
