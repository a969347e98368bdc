"use client";

import { useAuthorizationServer } from "@/components/data/authorization";
import { tokenCommand } from "@/components/token/token-command";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyField } from "@/components/ui/copy-field";
import { Section } from "@/components/ui/page-body";
import type { ApplicationView } from "@/lib/management/contract/authorization";

/** What a program needs to get a token as this application. */
export function CredentialsSection({ application }: { application: ApplicationView }) {
  const server = useAuthorizationServer(application.authorizationServer);
  const tokenEndpoint = server.data?.endpoints.token;
  return (
    <Section title="Credentials">
      <CopyField label="Client id" value={application.clientId} />
      {tokenEndpoint && (
        <>
          <CopyField label="Token endpoint" value={tokenEndpoint} />
          <div className="flex flex-col gap-1">
            <span className="font-medium">Get a token</span>
            <CodeBlock
              label="Token command"
              code={tokenCommand({ tokenEndpoint, clientId: application.clientId, scopes: application.scopes })}
            />
          </div>
        </>
      )}
    </Section>
  );
}
