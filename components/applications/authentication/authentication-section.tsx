"use client";

import { useState } from "react";
import { useAuthorizationServer } from "@/components/data/authorization";
import { tokenCommand } from "@/components/token/token-command";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyField } from "@/components/ui/copy-field";
import { count } from "@/components/ui/count";
import { KeyValues } from "@/components/ui/key-values";
import { Section } from "@/components/ui/page-body";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { authenticationDraft, readKeySet } from "./authentication-draft";
import { AuthenticationDrawer } from "./authentication-drawer";
import { methodLabel, usesSecrets } from "./method-words";

/** Describes where an application's public keys are. */
function keysOf(application: ApplicationView): string {
  if (application.jwksUri !== null) return application.jwksUri;
  const read = readKeySet(authenticationDraft(application).keysText);
  if ("problem" in read) return "None";
  const ids = read.keySet.keys.flatMap(({ kid }) => (typeof kid === "string" ? [kid] : []));
  return `${count(read.keySet.keys.length, "key")}, pasted${ids.length > 0 ? `: ${ids.join(", ")}` : ""}`;
}

/** Shows the client ID, token endpoint, and client authentication of an application. */
export function AuthenticationSection({ application }: { application: ApplicationView }) {
  const server = useAuthorizationServer(application.authorizationServer);
  const [isEditing, setIsEditing] = useState(false);
  const { authentication, clientId, scopes, dpopBound } = application;
  const tokenEndpoint = server.data?.endpoints.token;
  return (
    <Section title="Credentials" actions={<Button onPress={() => setIsEditing(true)}>Change authentication</Button>}>
      <CopyField label="Client ID" value={clientId} />
      {tokenEndpoint && <CopyField label="Token endpoint" value={tokenEndpoint} />}
      <KeyValues
        items={[
          { label: "Client authentication", value: methodLabel(authentication) },
          ...(usesSecrets(authentication) ? [] : [{ label: "Public keys", value: keysOf(application) }]),
          { label: "DPoP", value: dpopBound ? "Required" : "Not required" },
        ]}
      />
      {tokenEndpoint && (
        <div className="flex flex-col gap-1">
          <span className="font-medium">Get a token</span>
          <CodeBlock label="Token command" code={tokenCommand({ tokenEndpoint, clientId, scopes, authentication, dpopBound })} />
        </div>
      )}
      {isEditing && <AuthenticationDrawer application={application} onClose={() => setIsEditing(false)} />}
    </Section>
  );
}
