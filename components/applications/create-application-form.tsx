"use client";

import { type FormEvent, useRef, useState } from "react";
import { RefusedBanner } from "@/components/apis/refused-banner";
import { type NewApplication, useAuthorizationServers, useCreateApplication } from "@/components/data/authorization";
import { problemsIn } from "@/components/data/client";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { useLeaveGuard } from "@/components/ui/leave-guard";
import { RadioGroup } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { TextField } from "@/components/ui/text-field";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { type ApplicationView, applicationBodySchema } from "@/lib/management/contract/authorization";
import { ScopeListField } from "./scope-list-field";

const environments = [
  { id: "production" as const, label: "Production", description: "Its calls go to the production endpoint." },
  { id: "sandbox" as const, label: "Sandbox", description: "Its calls go to the sandbox endpoint, where an API has one." },
];

const isShown = (path: string) => /^(name|environment|authorizationServer|scopes(\[\d+\])?)$/.test(path);

interface CreateApplicationFormProps {
  /** The authorization server that is chosen at first. */
  serverId: string;
  onCreated: (created: ApplicationView & { clientSecret: string }) => void;
}

/** The few things that an application needs. */
export function CreateApplicationForm({ serverId, onCreated }: CreateApplicationFormProps) {
  const create = useCreateApplication();
  const servers = useAuthorizationServers();
  const nameRef = useRef<HTMLInputElement>(null);
  const [application, setApplication] = useState<NewApplication>({
    name: "",
    environment: "production",
    authorizationServer: serverId,
    scopes: [],
  });
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;
  const others = problems.filter((problem) => !isShown(problem.path));
  const isTouched = application.name !== "" || application.scopes.length > 0 || application.environment !== "production";
  useLeaveGuard(isTouched && !create.isSuccess ? "The application that you describe here has not been created yet." : null);

  function change(changes: Partial<NewApplication>) {
    setApplication((former) => ({ ...former, ...changes }));
    setProblems((former) => former.filter((problem) => !Object.keys(changes).some((key) => problem.path.startsWith(key))));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const checked = applicationBodySchema.safeParse(application);
    if (!checked.success) {
      setProblems(problemsOf(checked.error));
      nameRef.current?.focus();
      return;
    }
    create.mutate(application, { onSuccess: onCreated, onError: (error) => setProblems(problemsIn(error)) });
  }

  const serverOptions = (servers.data ?? []).map((server) => ({ id: server.id, label: server.name, description: server.audience }));
  return (
    <form onSubmit={submit} noValidate className="flex max-w-140 flex-col gap-5">
      {create.error && (others.length > 0 || problems.length === 0) && (
        <RefusedBanner error={create.error} title="The application was not created." problems={others} />
      )}
      <TextField
        label="Name"
        autoFocus
        autoComplete="off"
        placeholder="Web shop"
        inputRef={nameRef}
        value={application.name}
        onChange={(name) => change({ name })}
        errorMessage={problemAt("name")}
      />
      <RadioGroup
        label="Environment"
        options={environments}
        value={application.environment}
        onChange={(environment) => change({ environment })}
        errorMessage={problemAt("environment")}
      />
      <Select
        label="Authorization server"
        options={serverOptions}
        value={application.authorizationServer}
        onChange={(authorizationServer) => change({ authorizationServer, scopes: [] })}
        description="Where it gets its tokens."
        errorMessage={
          problemAt("authorizationServer") ??
          (servers.isError ? "The authorization servers could not be loaded. Reload the page." : undefined)
        }
      />
      <ScopeListField
        label="Scopes"
        serverId={application.authorizationServer}
        value={application.scopes}
        onChange={(scopes) => change({ scopes })}
        problems={problems}
        description="What it may ask for. None: every scope that the authorization server has."
      />
      <div className="flex flex-wrap gap-2 border-line border-t pt-5">
        <Button type="submit" variant="primary" isPending={create.isPending || create.isSuccess}>
          Create application
        </Button>
        <ButtonLink href="/applications" variant="quiet">
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}
