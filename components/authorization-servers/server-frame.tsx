"use client";

import type { ReactNode } from "react";
import { useAuthorizationServer } from "@/components/data/authorization";
import { Badge } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button-link";
import { CopyButton } from "@/components/ui/copy-button";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";
import { ServerContext } from "./server-context";
import { ServerFrameFailure, ServerFrameSkeleton } from "./server-frame-states";
import { ServerStateMark } from "./server-state-mark";

const tabsOf = (serverId: string) => {
  const base = `/authorization-servers/${serverId}`;
  return [
    { href: base, label: "Overview", exact: true },
    { href: `${base}/scopes`, label: "Scopes" },
    { href: `${base}/claims`, label: "Claims" },
    { href: `${base}/policies`, label: "Access policies" },
    { href: `${base}/keys`, label: "Keys" },
    { href: `${base}/preview`, label: "Token preview" },
    { href: `${base}/settings`, label: "Settings" },
  ];
};

function ServerHeader({ server }: { server: AuthorizationServerView }) {
  return (
    <PageHeader
      title={server.name}
      parent={{ href: "/authorization-servers", label: "Authorization servers" }}
      state={
        <>
          {server.isDefault && <Badge>default</Badge>}
          <ServerStateMark isEnabled={server.enabled} />
        </>
      }
      meta={
        <span className="flex min-w-0 items-center gap-1">
          <span className="mono min-w-0 truncate" title={server.issuer}>
            {server.issuer}
          </span>
          <CopyButton value={server.issuer} label="Copy issuer" />
        </span>
      }
    />
  );
}

/** Wraps every page of an authorization server: header, tabs, and a banner while it's inactive. */
export function ServerFrame({ serverId, children }: { serverId: string; children: ReactNode }) {
  const server = useAuthorizationServer(serverId);
  if (!server.data) return server.isError ? <ServerFrameFailure query={server} /> : <ServerFrameSkeleton />;
  return (
    <ServerContext value={server.data}>
      <ServerHeader server={server.data} />
      <LinkTabs label="Authorization server" tabs={tabsOf(serverId)} />
      <div className="flex min-w-0 flex-col gap-6 pt-6">
        {!server.data.enabled && (
          <div className="px-4 lg:px-6">
            <Banner
              meaning="failing"
              title="This authorization server is inactive."
              actions={
                <ButtonLink size="small" href={`/authorization-servers/${serverId}/settings`}>
                  Open settings
                </ButtonLink>
              }
            >
              It issues no tokens, and gateways reject its tokens.
            </Banner>
          </div>
        )}
        {children}
      </div>
    </ServerContext>
  );
}
