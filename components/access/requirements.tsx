import { Fragment } from "react";
import { Link } from "@/components/ui/link";
import type { AccessOperationView } from "@/lib/management/contract/access";

type Requirement = AccessOperationView["requirements"][number];

function Scopes({ scopes, mode }: { scopes: readonly string[]; mode: "all" | "any" }) {
  return (
    <span className="text-muted text-xs">
      {scopes.map((scope, index) => (
        <Fragment key={scope}>
          {index > 0 && (mode === "all" ? " and " : " or ")}
          <span className="mono text-ink [overflow-wrap:anywhere]">{scope}</span>
        </Fragment>
      ))}
    </span>
  );
}

/** Lists the scopes that an operation requires, one line per step. */
export function RequiredScopes({ requirements }: { requirements: readonly Requirement[] }) {
  const asking = requirements.flatMap((asked) => ("credential" in asked || asked.scopes.length === 0 ? [] : [asked]));
  if (asking.length === 0) return null;
  return (
    <span className="flex flex-col">
      {asking.map(({ scopes, scopeMode, flow, step }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps can require the same scopes, and the list is read-only.
        <Scopes key={`${flow} ${step} ${index}`} scopes={scopes} mode={scopeMode} />
      ))}
    </span>
  );
}

/** A flow's title and link in the studio. */
export interface FlowInStudio {
  title: string;
  href: string;
}

/** Finds a flow of the draft by its label; null if the draft has no such flow. */
export type FlowOf = (label: string) => FlowInStudio | null;

/** Returns the resource that checks the token, or the other credential's name. */
const askedFor = (requirement: Requirement) => ("credential" in requirement ? requirement.credential : requirement.resource);

/** Lists the flows that require a credential, with the resource that checks it. */
export function AskedBy({ requirements, flowOf }: { requirements: readonly Requirement[]; flowOf: FlowOf }) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      {requirements.map((requirement, index) => {
        const { flow, step } = requirement;
        const asked = askedFor(requirement);
        const shown = flowOf(flow);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a flow can have two requirements, and the list is read-only.
          <span key={`${flow} ${step} ${index}`} className="block min-w-0 truncate" title={`${shown?.title ?? flow}, ${step}, ${asked}`}>
            {shown ? (
              <Link quiet href={shown.href}>
                {shown.title}
              </Link>
            ) : (
              flow
            )}
            <span className="text-muted text-xs"> · {asked}</span>
          </span>
        );
      })}
    </span>
  );
}
