"use client";

import { Plus } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { useCreateScope } from "@/components/data/authorization";
import { messageOf, problemsIn } from "@/components/data/client";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/text-field";
import { problemsOf } from "@/lib/definition/problems";
import { scopeBodySchema } from "@/lib/management/contract/authorization";

/** Adds a scope; the name field stays ready for the next one. */
export function AddScopeForm({ serverId }: { serverId: string }) {
  const create = useCreateScope(serverId);
  const nameRef = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [problem, setProblem] = useState<string>();

  function submit(event: FormEvent) {
    event.preventDefault();
    nameRef.current?.focus();
    const body = { name: name.trim(), description: description.trim() };
    const checked = scopeBodySchema.safeParse(body);
    if (!checked.success) return setProblem(problemsOf(checked.error)[0]?.message);
    create.mutate(body, {
      onSuccess: () => {
        setName("");
        setDescription("");
      },
      onError: (error) => setProblem(problemsIn(error)[0]?.message ?? messageOf(error)),
    });
  }

  return (
    <form aria-label="Add scope" onSubmit={submit} noValidate className="flex flex-wrap items-start gap-2">
      <TextField
        label="New scope"
        mono
        autoComplete="off"
        placeholder="orders:read"
        className="flex-1 basis-40"
        inputRef={nameRef}
        value={name}
        onChange={(value) => {
          setProblem(undefined);
          setName(value);
        }}
        errorMessage={problem}
      />
      <TextField
        label="Description"
        isOptional
        autoComplete="off"
        placeholder="Read orders"
        className="flex-1 basis-40"
        value={description}
        onChange={setDescription}
      />
      <Button type="submit" icon={<Plus aria-hidden className="size-4" />} className="sm:mt-6" isPending={create.isPending}>
        Add scope
      </Button>
    </form>
  );
}
