"use client";

import { useAuthorizationServers } from "@/components/data/authorization";
import { tokenCommand } from "@/components/token/token-command";
import { CodeBlock } from "@/components/ui/code-block";
import { OneTimeSecretDialog } from "@/components/ui/one-time-secret-dialog";
import type { ApplicationView } from "@/lib/management/contract/authorization";

interface ClientSecretDialogProps {
  title: string;
  application: ApplicationView;
  clientSecret: string;
  onAcknowledge: () => void;
}

/** Shows a client secret once, with a command that gets a token. */
export function ClientSecretDialog({ title, application, clientSecret, onAcknowledge }: ClientSecretDialogProps) {
  const server = useAuthorizationServers().data?.find(({ id }) => id === application.authorizationServer);
  return (
    <OneTimeSecretDialog
      isOpen
      title={title}
      facts={[{ label: "Client ID", value: application.clientId }]}
      secret={{ label: "Client secret", value: clientSecret }}
      onAcknowledge={onAcknowledge}
    >
      {server && (
        <div className="flex flex-col gap-1">
          <span className="font-medium">Get a token with it</span>
          <CodeBlock
            label="Token command"
            code={tokenCommand({
              tokenEndpoint: server.endpoints.token,
              clientId: application.clientId,
              clientSecret,
              scopes: application.scopes,
              authentication: application.authentication,
              dpopBound: application.dpopBound,
            })}
          />
        </div>
      )}
    </OneTimeSecretDialog>
  );
}
