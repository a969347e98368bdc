import { AppWindow, type LucideIcon, Server } from "lucide-react";
import { useDraftEditor } from "@/components/draft/draft-editor";

function Post({ icon: Icon, name, detail }: { icon: LucideIcon; name: string; detail?: string | undefined }) {
  return (
    <div
      className="flex w-9 shrink-0 flex-col items-center gap-2 rounded-control border border-line-strong/60 bg-raised py-2.5"
      title={detail}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-muted" strokeWidth={1.75} />
      <span className="flex min-h-0 items-center gap-2 whitespace-nowrap [writing-mode:vertical-rl]">
        <span className="font-medium text-xs">{name}</span>
        {detail && <span className="mono min-h-0 truncate text-[11px] text-muted">{detail}</span>}
      </span>
    </div>
  );
}

/** The client at the left of the lanes. */
export function CallerPost() {
  return <Post icon={AppWindow} name="Client" />;
}

function hostOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).host;
}

/** The backend at the right of the lanes, with the host of the production endpoint, or else of the sandbox. */
export function BackendPost() {
  const { endpoints } = useDraftEditor().copy;
  return <Post icon={Server} name="Backend" detail={hostOf(endpoints.production?.url ?? endpoints.sandbox?.url)} />;
}
