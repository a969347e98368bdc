import { tokenCommand } from "@/components/token/token-command";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyField } from "@/components/ui/copy-field";
import { Section } from "@/components/ui/page-body";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";

/** Shows an authorization server's issuer, audience, and endpoints to copy. */
export function EndpointsSection({ server }: { server: AuthorizationServerView }) {
  const { endpoints } = server;
  return (
    <div className="flex min-w-0 flex-col gap-8">
      <Section title="Endpoints">
        <CopyField label="Issuer" value={server.issuer} />
        <CopyField label="Audience" value={server.audience} />
        <CopyField label="Token endpoint" value={endpoints.token} />
        <CopyField label="Introspection endpoint" value={endpoints.introspection} />
        <CopyField label="Revocation endpoint" value={endpoints.revocation} />
        <CopyField label="Keys" value={endpoints.keys} />
        <CopyField label="OpenID Connect metadata" value={endpoints.openidConfiguration} />
        <CopyField label="OAuth metadata" value={endpoints.oauthMetadata} />
        <CopyField label="OAuth metadata (RFC 8414)" value={endpoints.oauthMetadataInserted} />
        <CopyField label="Token endpoint (Gravitee AM path)" value={endpoints.amToken} />
      </Section>
      <Section title="Get a token" description="Use the client ID and secret of one of its applications.">
        <CodeBlock label="Token command" code={tokenCommand({ tokenEndpoint: endpoints.token, scopes: [] })} />
      </Section>
    </div>
  );
}
