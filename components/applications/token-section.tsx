"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useIssueToken } from "@/components/data/authorization";
import { messageOf, problemsIn } from "@/components/data/client";
import { IssuedToken } from "@/components/token/issued-token";
import { type ReadyToken, readyToken } from "@/components/token/ready-token";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/page-body";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { ScopeListField } from "./scope-list-field";

/** Issues a token for the application and shows its content. The token stays in memory only. */
export function TokenSection({ application }: { application: ApplicationView }) {
  const issue = useIssueToken();
  const [scopes, setScopes] = useState<string[]>([]);
  const [token, setToken] = useState<ReadyToken | null>(null);
  const problems = problemsIn(issue.error);

  async function getToken() {
    try {
      setToken(readyToken(await issue.mutateAsync({ id: application.id, scopes }), Date.now()));
    } catch {
      setToken(null);
    }
  }

  return (
    <Section
      title="Token"
      description="Issues a token for this application and shows its content. Valid for at most 5 minutes; recorded in Activity."
    >
      <ScopeListField
        label="Requested scopes"
        serverId={application.authorizationServer}
        allowed={application.scopes.length > 0 ? application.scopes : undefined}
        value={scopes}
        onChange={(next) => {
          issue.reset();
          setScopes(next);
        }}
        problems={problems}
      />
      {issue.error && problems.length === 0 && (
        <Banner meaning="failing" isAlert>
          {messageOf(issue.error)}
        </Banner>
      )}
      <Button
        variant="primary"
        className="self-start"
        icon={<KeyRound aria-hidden className="size-4" />}
        isPending={issue.isPending}
        isDisabled={!application.enabled}
        onPress={() => void getToken()}
      >
        {token ? "Get new token" : "Get token"}
      </Button>
      {!application.enabled && <p className="text-muted">An inactive application gets no tokens.</p>}
      {token && <IssuedToken key={token.accessToken} token={token} startsOpen />}
    </Section>
  );
}
