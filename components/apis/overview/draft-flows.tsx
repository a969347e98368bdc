import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PlainLink } from "@/components/ui/link";
import { Section } from "@/components/ui/page-body";
import { Path } from "@/components/ui/path";
import { StateMark } from "@/components/ui/state-mark";
import { flowTitle } from "@/lib/definition/diff";
import { flowPathProblem } from "@/lib/definition/paths";
import { flowProtection } from "@/lib/definition/protection";
import type { Definition, Flow } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { ProtectionMark } from "../protection-mark";
import { stepSentences } from "./step-sentences";

/**
 * Marks a flow's protection. With `all`, another flow can check the token of the same request, so only `best` marks an
 * unchecked flow as open.
 */
function FlowMark({ flow, selection }: { flow: Flow; selection: Definition["flowSelection"] }) {
  if (!flow.enabled) return <StateMark meaning="neutral">Disabled</StateMark>;
  if (flowPathProblem(flow.match.path) !== undefined) return <StateMark meaning="failing">Matches nothing</StateMark>;
  const protection = flowProtection(flow, registry);
  if (protection === "open" && selection === "all") return <StateMark meaning="neutral">Checks no token</StateMark>;
  return <ProtectionMark protection={protection} />;
}

function FlowLine({ flow, selection, href }: { flow: Flow; selection: Definition["flowSelection"]; href: string }) {
  const sentences = stepSentences(flow);
  return (
    <li className="relative grid gap-x-4 gap-y-0.5 border-line border-b py-2 transition-colors last:border-b-0 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_auto]">
      <PlainLink
        href={href}
        className="min-w-0 truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:outline-offset-[-2px]"
        title={flowTitle(flow)}
      >
        {flowTitle(flow)}
      </PlainLink>
      <FlowMark flow={flow} selection={selection} />
      <p className="min-w-0 text-muted text-xs sm:col-span-2">
        {flow.match.methods.length > 0 ? <span className="mono">{flow.match.methods.join(" ")} </span> : "All methods "}
        <Path className="text-ink">{flow.match.path}</Path> <span>{flow.match.operator === "startsWith" ? "and below" : "exactly"}</span>
        {sentences.length > 0 && ` · ${sentences.join(" · ")}`}
      </p>
    </li>
  );
}

/** Lists the draft's flows in the order they run: what each matches and does. */
export function DraftFlows({ apiId, definition }: { apiId: string; definition: Definition }) {
  const studio = `/apis/${apiId}/studio`;
  return (
    <Section
      title="Flows"
      description={
        definition.flows.length > 0
          ? definition.flowSelection === "all"
            ? "Every flow that matches a request runs, in this order."
            : "Only the most specific flow that matches a request runs."
          : undefined
      }
      actions={definition.flows.length > 0 && <ButtonLink href={studio}>Open studio</ButtonLink>}
    >
      {definition.flows.length > 0 ? (
        <ol className="border-line border-y">
          {definition.flows.map((flow, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a flow has no ID, and this list is read-only.
            <FlowLine key={index} flow={flow} selection={definition.flowSelection} href={`${studio}?flow=${index}`} />
          ))}
        </ol>
      ) : (
        <EmptyState action={<ButtonLink href={studio}>Open studio</ButtonLink>}>
          No flows. Every request passes to the backend unchanged.
        </EmptyState>
      )}
    </Section>
  );
}
