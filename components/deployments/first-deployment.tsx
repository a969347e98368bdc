import { Banner } from "@/components/ui/banner";
import { count } from "@/components/ui/count";
import { flowTitle } from "@/lib/definition/diff";
import { protectionOf } from "@/lib/definition/protection";
import { type Definition, ENVIRONMENTS } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

/** Summarizes a deployment without an active one to compare with. */
export function FirstDeployment({ draft }: { draft: Definition }) {
  const enabled = draft.flows.filter((flow) => flow.enabled);
  const endpoints = ENVIRONMENTS.flatMap((environment) => {
    const endpoint = draft.endpoints[environment];
    return endpoint ? [{ environment, ...endpoint }] : [];
  });
  const isSecured = endpoints.some(({ security }) => security.type !== "none");
  return (
    <div className="flex flex-col gap-2">
      <p className="max-w-measure">
        Not deployed: clients get 404. After this deployment, requests to <code>{draft.contextPath}</code>
        {enabled.length === 0 ? " go to the backend without any flow." : ` pass ${count(enabled.length, "flow")}:`}
      </p>
      {enabled.length > 0 && (
        <ul className="flex flex-col border-line border-y">
          {enabled.map((flow, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a reviewed draft doesn't change, and titles can repeat.
            <li key={index} className="flex flex-wrap gap-x-3 border-line border-b py-1.5 last:border-b-0">
              <span className="min-w-0 [overflow-wrap:anywhere]">{flowTitle(flow)}</span>
              <span className="text-muted">{count(flow.request.length + flow.response.length, "step")}</span>
            </li>
          ))}
        </ul>
      )}
      <ul aria-label="Endpoints" className="flex flex-col border-line border-y">
        {endpoints.map(({ environment, url, security }) => (
          <li key={environment} className="flex flex-wrap gap-x-3 border-line border-b py-1.5 last:border-b-0">
            <span className="w-24 text-muted capitalize">{environment}</span>
            <code className="min-w-0 [overflow-wrap:anywhere]">{url}</code>
            <span className="text-muted">{registry.endpointSecurity.sentence(security)}</span>
          </li>
        ))}
      </ul>
      {isSecured && protectionOf(draft, registry) === "open" && (
        <Banner meaning="open" title="Anonymous requests get the gateway's credentials.">
          No request needs a token, and the backend treats each as the gateway's. Require a token on the Access page.
        </Banner>
      )}
    </div>
  );
}
