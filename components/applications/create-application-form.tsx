"use client";

import { type FormEvent, useRef, useState } from "react";
import {
  type CreatedApplication,
  type NewApplication,
  useAuthorizationServers,
  useCreateApplication,
} from "@/components/data/authorization";
import { problemsIn } from "@/components/data/client";
import { ProblemBanner } from "@/components/data/problem-banner";
import { AdvancedFields } from "@/components/schema-form/advanced-fields";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { useLeaveGuard } from "@/components/ui/leave-guard";
import { RadioGroup } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { TextField } from "@/components/ui/text-field";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import { applicationBodySchema } from "@/lib/management/contract/authorization";
import { authenticationBody, isAuthenticationProblem, newAuthentication } from "./authentication/authentication-draft";
import { AuthenticationFields } from "./authentication/authentication-fields";
import { dpopDescription } from "./authentication/dpop-words";
import { ScopeListField } from "./scope-list-field";

const environments = [
  { id: "production" as const, label: "Production", description: "Requests go to the production endpoint." },
  { id: "sandbox" as const, label: "Sandbox", description: "Requests go to the sandbox endpoint if the API has one." },
];

const isShown = (problem: Problem) =>
  isAuthenticationProblem(problem) || /^(name|environment|authorizationServer|dpopBound|scopes(\[\d+\])?)$/.test(problem.path);

type Described = Pick<NewApplication, "name" | "environment" | "authorizationServer" | "scopes" | "dpopBound">;

interface CreateApplicationFormProps {
  /** The authorization server selected by default. */
  serverId: string;
  onCreated: (created: CreatedApplication) => void;
}

/** Creates an application. */
export function CreateApplicationForm({ serverId, onCreated }: CreateApplicationFormProps) {
  const create = useCreateApplication();
  const servers = useAuthorizationServers();
  const nameRef = useRef<HTMLInputElement>(null);
  const [application, setApplication] = useState<Described>({
    name: "",
    environment: "production",
    authorizationServer: serverId,
    scopes: [],
    dpopBound: false,
  });
  const [authentication, setAuthentication] = useState(newAuthentication);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;
  const others = problems.filter((problem) => !isShown(problem));
  const isTouched =
    application.name !== "" ||
    application.scopes.length > 0 ||
    application.environment !== "production" ||
    authentication !== newAuthentication;
  useLeaveGuard(isTouched && !create.isSuccess ? "This application hasn't been created yet." : null);

  function change(changes: Partial<Described>) {
    setApplication((former) => ({ ...former, ...changes }));
    setProblems((former) => former.filter((problem) => !Object.keys(changes).some((key) => problem.path.startsWith(key))));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const written = authenticationBody(authentication);
    const checked = applicationBodySchema.safeParse({ ...application, ...("body" in written ? written.body : {}) });
    if (!checked.success || "problems" in written) {
      const found = checked.success ? [] : problemsOf(checked.error);
      setProblems([...found, ...("problems" in written ? written.problems : [])]);
      if (found.some(({ path }) => path === "name")) nameRef.current?.focus();
      return;
    }
    create.mutate(checked.data, { onSuccess: onCreated, onError: (error) => setProblems(problemsIn(error)) });
  }

  const serverOptions = (servers.data ?? []).map((server) => ({ id: server.id, label: server.name, description: server.audience }));
  return (
    <form onSubmit={submit} noValidate className="flex max-w-140 flex-col gap-5">
      {create.error && (others.length > 0 || problems.length === 0) && (
        <ProblemBanner error={create.error} title="The application wasn't created." problems={others} />
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
        description="Issues the application's tokens."
        errorMessage={
          problemAt("authorizationServer") ?? (servers.isError ? "Couldn't load the authorization servers. Reload the page." : undefined)
        }
      />
      <ScopeListField
        label="Scopes"
        serverId={application.authorizationServer}
        value={application.scopes}
        onChange={(scopes) => change({ scopes })}
        problems={problems}
        description="Requestable scopes. Empty: any the policies allow."
      />
      <AuthenticationFields
        draft={authentication}
        onChange={(changes) => {
          setAuthentication((former) => ({ ...former, ...changes }));
          setProblems((former) => former.filter((problem) => !isAuthenticationProblem(problem)));
        }}
        problems={problems}
      />
      <AdvancedFields hasError={problemAt("dpopBound") !== undefined} isChanged={false} headingLevel={2}>
        <Switch
          label="Require DPoP"
          isSelected={application.dpopBound}
          onChange={(dpopBound) => change({ dpopBound })}
          description={dpopDescription}
          errorMessage={problemAt("dpopBound")}
        />
      </AdvancedFields>
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
