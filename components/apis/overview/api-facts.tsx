import { type KeyValue, KeyValues } from "@/components/ui/key-values";
import { Section } from "@/components/ui/page-body";
import { When } from "@/components/ui/when";
import type { Definition } from "@/lib/definition/schema";
import type { ApiView } from "@/lib/management/contract/apis";

function endpointFacts(definition: Definition): KeyValue[] {
  const { production, sandbox } = definition.endpoints;
  return [
    { label: "Production", value: production?.url ?? "None", mono: production !== undefined },
    ...(sandbox ? [{ label: "Sandbox", value: sandbox.url, mono: true }] : []),
  ];
}

/** Shows the API's endpoints, and who deployed and saved it when. */
export function ApiFacts({ api, definition }: { api: ApiView; definition: Definition }) {
  const active = api.activeDeployment;
  return (
    <div className="flex min-w-0 flex-col gap-8">
      <Section title="Endpoints">
        <KeyValues items={endpointFacts(definition)} />
      </Section>
      <Section title="About">
        {api.description && <p className="max-w-measure whitespace-pre-line text-base [overflow-wrap:anywhere]">{api.description}</p>}
        <KeyValues
          items={[
            { label: "Context path", value: api.contextPath, mono: true },
            { label: "Version", value: api.version },
            {
              label: "Active",
              value: active ? (
                <>
                  Deployment {active.number} by {active.createdBy}, <When at={active.createdAt} />
                </>
              ) : (
                "None"
              ),
            },
            {
              label: "Draft saved",
              value: (
                <>
                  By {api.updatedBy}, <When at={api.updatedAt} />
                </>
              ),
            },
          ]}
        />
      </Section>
    </div>
  );
}
