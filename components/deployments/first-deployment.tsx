import { count } from "@/components/apis/count";
import { flowTitle } from "@/lib/definition/diff";
import type { Definition } from "@/lib/definition/schema";

/** What a deployment brings when nothing runs that it could be compared with. */
export function FirstDeployment({ draft }: { draft: Definition }) {
  const enabled = draft.flows.filter((flow) => flow.enabled);
  return (
    <div className="flex flex-col gap-2">
      <p className="max-w-measure">
        Nothing is deployed: callers get 404. After this, calls to <code>{draft.contextPath}</code> go to{" "}
        <code className="[overflow-wrap:anywhere]">{(draft.endpoints.production ?? draft.endpoints.sandbox)?.url}</code>
        {enabled.length === 0 ? " as they are, because there is no flow." : ` through ${count(enabled.length, "flow")}:`}
      </p>
      {enabled.length > 0 && (
        <ul className="flex flex-col border-line border-y">
          {enabled.map((flow, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a reviewed draft does not change, and titles may repeat.
            <li key={index} className="flex flex-wrap gap-x-3 border-line border-b py-1.5 last:border-b-0">
              <span className="min-w-0 [overflow-wrap:anywhere]">{flowTitle(flow)}</span>
              <span className="text-muted">{count(flow.request.length + flow.response.length, "step")}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
