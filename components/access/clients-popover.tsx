"use client";

import { ChevronDown } from "lucide-react";
import { Button as AriaButton, Dialog, DialogTrigger } from "react-aria-components";
import { operationName } from "@/components/openapi/operation-words";
import { Badge } from "@/components/ui/badge";
import { count } from "@/components/ui/count";
import { Link } from "@/components/ui/link";
import { Popover } from "@/components/ui/popover";
import { MeaningShape } from "@/components/ui/state-mark";
import type { AccessOperationView } from "@/lib/management/contract/access";

type Caller = AccessOperationView["applications"][number];

function Callers({ title, callers }: { title: string; callers: readonly Caller[] }) {
  if (callers.length === 0) return null;
  return (
    <section className="flex flex-col gap-1">
      <h3 className="font-medium text-muted text-xs">{title}</h3>
      <ul className="flex flex-col">
        {callers.map((caller) => (
          <li key={caller.id} className="grid grid-cols-[10px_minmax(0,1fr)] gap-x-2 border-line border-t py-1.5">
            <MeaningShape meaning={caller.can ? "guarded" : "neutral"} className="mt-1.5" />
            <div className="min-w-0">
              <p className="flex min-w-0 items-center gap-2">
                <Link quiet href={`/applications/${caller.id}`} className="truncate" title={caller.name}>
                  {caller.name}
                </Link>
                {caller.environment === "sandbox" && <Badge>sandbox</Badge>}
              </p>
              {!caller.can && caller.why && <p className="text-muted text-xs [overflow-wrap:anywhere]">{caller.why}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Counts the applications that can call an operation; opened, it lists who can, who can't, and why. */
export function ClientsPopover({ operation }: { operation: AccessOperationView }) {
  const { access, applications, applicationCount, canCount, foreign } = operation;
  if (access === "refused") return <span className="text-muted">None</span>;
  if (access === "anonymous") return <span className="text-muted">Everyone</span>;
  if (applications.length === 0) return <span className="text-muted">{foreign || access === "credential" ? "Unknown" : "None"}</span>;
  const can = applications.filter((caller) => caller.can);
  const cannot = applications.filter((caller) => !caller.can);
  const name = operationName(operation);
  return (
    <DialogTrigger>
      <AriaButton
        aria-label={`${canCount} of ${count(applicationCount, "application")} can call ${name}`}
        className="-my-0.5 -ml-2 flex h-6 cursor-default items-center gap-1.5 rounded-control px-2 tabular-nums hover:bg-line/60 aria-expanded:bg-line/60"
      >
        <span>
          {canCount} of {applicationCount}
          <span className="md:hidden"> applications</span>
        </span>
        <ChevronDown aria-hidden className="size-3.5 text-muted" />
      </AriaButton>
      <Popover placement="bottom end" className="w-80 max-w-[calc(100vw-32px)]">
        <Dialog
          aria-label={`Applications that can call ${name}`}
          className="flex max-h-80 flex-col gap-3 overflow-y-auto px-4 py-3 outline-none"
        >
          <Callers title="Can call" callers={can} />
          <Callers title="Can't call" callers={cannot} />
          {applicationCount > applications.length && (
            <p className="text-muted text-xs">{applicationCount - applications.length} more applications aren't listed here.</p>
          )}
          {foreign && <p className="text-muted text-xs">An external authorization server checks tokens too. Its clients aren't listed.</p>}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
