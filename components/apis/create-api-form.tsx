"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useState } from "react";
import { useCreateApi } from "@/components/data/apis";
import { problemsIn } from "@/components/data/client";
import { ProblemBanner } from "@/components/data/problem-banner";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { useLeaveGuard } from "@/components/ui/leave-guard";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import type { Problem } from "@/lib/definition/problems";
import { definitionOf, emptyApi, fieldPaths, type NewApi, problemsWith, sortProblems } from "./new-api";
import { SampleBackends } from "./sample-backends";
import { suggestContextPath } from "./suggest-context-path";

/** Creates an API. The context path follows the name until the user types one. */
export function CreateApiForm() {
  const router = useRouter();
  const create = useCreateApi();
  const form = useRef<HTMLFormElement>(null);
  const [api, setApi] = useState<NewApi>(emptyApi);
  const [isPathTyped, setIsPathTyped] = useState(false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { byField, others } = sortProblems(problems);
  const isTouched = Object.keys(emptyApi).some((key) => api[key as keyof NewApi] !== emptyApi[key as keyof NewApi]);
  useLeaveGuard(isTouched && !create.isSuccess ? "This API hasn't been created yet." : null);

  function change(field: keyof NewApi, value: string) {
    setApi((former) => ({
      ...former,
      [field]: value,
      ...(field === "name" && !isPathTyped ? { contextPath: suggestContextPath(value) } : {}),
    }));
    if (field === "contextPath") setIsPathTyped(value !== "");
    const cleared = field === "name" && !isPathTyped ? [fieldPaths.name, fieldPaths.contextPath] : [fieldPaths[field]];
    setProblems((former) => former.filter((problem) => !cleared.includes(problem.path)));
  }

  function show(found: readonly Problem[]) {
    setProblems(found);
    const { byField: names } = sortProblems(found);
    const [first] = (Object.keys(fieldPaths) as (keyof NewApi)[]).filter((name) => names[name]);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = problemsWith(api);
    if (found.length > 0) return show(found);
    create.mutate(definitionOf(api), {
      onSuccess: (created) => router.push(`/apis/${created.id}`),
      onError: (error) => show(problemsIn(error)),
    });
  }

  const field = (name: keyof NewApi) => ({
    name,
    value: api[name],
    onChange: (value: string) => change(name, value),
    errorMessage: byField[name],
  });
  return (
    <form ref={form} onSubmit={submit} noValidate className="flex max-w-140 flex-col gap-5">
      {create.error && (others.length > 0 || problems.length === 0) && (
        <ProblemBanner error={create.error} title="The API wasn't created." problems={others} />
      )}
      <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_128px]">
        <TextField {...field("name")} label="Name" autoFocus autoComplete="off" placeholder="Orders" />
        <TextField {...field("version")} label="Version" autoComplete="off" />
      </div>
      <TextField
        {...field("contextPath")}
        label="Context path"
        mono
        autoComplete="off"
        placeholder="/orders"
        description="The path under which the gateways serve this API."
      />
      <div className="flex flex-col items-start gap-2">
        <TextField
          {...field("url")}
          label="Backend URL"
          mono
          autoComplete="off"
          className="w-full"
          placeholder="https://orders.internal/v2"
          description="The gateway sends requests here and appends the path after the context path."
        />
        <SampleBackends onChoose={(url) => change("url", url)} />
      </div>
      <TextArea {...field("description")} label="Description" isOptional rows={3} />
      <div className="flex flex-wrap gap-2 border-line border-t pt-5">
        <Button type="submit" variant="primary" isPending={create.isPending || create.isSuccess}>
          Create API
        </Button>
        <ButtonLink href="/apis" variant="quiet">
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}
