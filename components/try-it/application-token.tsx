"use client";

import { KeyRound } from "lucide-react";
import { useEffect } from "react";
import { useApplications, useScopes } from "@/components/data/authorization";
import { messageOf } from "@/components/data/client";
import { IssuedToken } from "@/components/token/issued-token";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { ListField } from "@/components/ui/list-field";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import type { RequestInput } from "./request-input";
import { sortApplications, suggestedScopes, type TokenNeeds } from "./token-needs";
import type { TokenState } from "./use-token";

interface ApplicationTokenProps {
  input: RequestInput;
  onChange: (changes: Partial<RequestInput>) => void;
  token: TokenState;
  needs: TokenNeeds;
  problem: string | undefined;
}

const optionOf = (application: ApplicationView) => ({
  id: application.id,
  label: application.name,
  description: `${application.environment}, ${application.authorizationServer}, ${application.clientId}`,
});

/** Selects an application and gets a token for it. */
export function ApplicationToken({ input, onChange, token, needs, problem }: ApplicationTokenProps) {
  const applications = useApplications();
  const { fitting, other } = sortApplications(applications.data ?? [], needs);
  const offered = [...fitting, ...other];
  const chosen = offered.find((application) => application.id === input.applicationId) ?? null;
  const serverScopes = useScopes(chosen?.authorizationServer ?? "", chosen !== null && chosen.scopes.length === 0);
  const allowed = chosen?.scopes.length ? chosen.scopes : (serverScopes.data ?? []).map((scope) => scope.name);

  function choose(application: ApplicationView) {
    token.forgetError();
    onChange({
      applicationId: application.id,
      scopes: suggestedScopes(application.scopes.length ? application.scopes : needs.scopes, needs),
    });
  }

  const only = chosen === null && fitting.length === 1 ? fitting[0] : undefined;
  // Preselect the only application with accepted tokens.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it's selected once, when it's the only one.
  useEffect(() => {
    if (only) choose(only);
  }, [only?.id]);

  if (applications.isPending) return <Skeleton className="h-8 w-full" />;
  if (applications.isError)
    return (
      <Banner
        meaning="failing"
        isAlert
        actions={
          <Button size="small" onPress={() => void applications.refetch()}>
            Try again
          </Button>
        }
      >
        Couldn't load the applications. {messageOf(applications.error)}
      </Banner>
    );
  if (offered.length === 0)
    return (
      <Banner
        meaning="neutral"
        actions={
          <ButtonLink href="/applications/new" size="small">
            Create application
          </ButtonLink>
        }
      >
        No active applications. Create one to get a token.
      </Banner>
    );

  return (
    <div className="flex flex-col gap-3">
      <Select
        label="Application"
        options={offered.map(optionOf)}
        value={chosen?.id ?? null}
        onChange={(id) => {
          const application = offered.find((candidate) => candidate.id === id);
          if (application) choose(application);
        }}
        placeholder="Select an application"
        errorMessage={problem ?? (token.error && chosen === null ? messageOf(token.error) : undefined)}
      />
      {chosen && !fitting.includes(chosen) && (
        <Banner meaning="open">
          {needs.servers.length === 0
            ? "No deployed flow accepts tokens from a Gatewright authorization server."
            : `The deployed flows accept tokens from ${needs.servers.join(", ")}, not from ${chosen.authorizationServer}.`}
        </Banner>
      )}
      {chosen && (
        <ListField
          label="Scopes"
          isOptional
          value={input.scopes}
          onChange={(scopes) => {
            token.forgetError();
            onChange({ scopes });
          }}
          suggestions={allowed}
          description={needs.scopes.length > 0 ? `The deployed flows require ${needs.scopes.join(", ")}.` : undefined}
          errorMessage={token.error ? messageOf(token.error) : undefined}
        />
      )}
      {token.held && <IssuedToken token={token.held} />}
      <Button
        icon={<KeyRound aria-hidden className="size-4" />}
        className="self-start"
        isDisabled={chosen === null}
        isPending={token.isGetting}
        onPress={() => void token.getToken()}
      >
        {token.held ? "Get new token" : "Get token"}
      </Button>
    </div>
  );
}
