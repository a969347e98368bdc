import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import type { ApiView } from "@/lib/management/contract/apis";
import { ApiStateMark } from "./api-state-mark";
import { ProtectionMark } from "./protection-mark";

const apisPage = { href: "/apis", label: "APIs" };

/** Shows an API's name, running deployment, protection, and gateway URL. */
export function ApiFrameHeader({ api }: { api: ApiView }) {
  return (
    <PageHeader
      title={api.name}
      parent={apisPage}
      state={
        <>
          <Badge>{api.version}</Badge>
          <ApiStateMark api={api} />
          {api.protection && <ProtectionMark protection={api.protection} />}
        </>
      }
      meta={
        <span className="flex min-w-0 items-center gap-1">
          <span className="mono min-w-0 truncate" title={api.gatewayUrl}>
            {api.gatewayUrl}
          </span>
          <CopyButton value={api.gatewayUrl} label="Copy gateway URL" />
        </span>
      }
    />
  );
}

/** Placeholder for the header while the API loads. */
export function ApiFrameHeaderSkeleton() {
  return (
    <div role="status" aria-label="Loading the API" className="flex h-27 flex-col justify-center gap-3 px-4 lg:px-6">
      <h1 className="sr-only">API</h1>
      <Skeleton className="h-5 w-64 max-w-full" />
      <Skeleton className="w-88 max-w-full" />
    </div>
  );
}
