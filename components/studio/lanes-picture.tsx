import type { FlowItem } from "@/components/draft/working-copy";
import { cx } from "@/components/ui/cx";
import { Lane } from "./lane";
import { BackendPost, CallerPost } from "./posts";

/** The path of a request: client, request steps, and backend above; response steps below. */
export function LanesPicture({ flow }: { flow: FlowItem }) {
  return (
    <div className={cx("flex items-stretch px-4 pb-6", !flow.enabled && "opacity-75")}>
      <CallerPost />
      <div className="min-w-0 flex-1 overflow-x-auto">
        <div className="flex w-max min-w-full flex-col">
          <Lane flow={flow} phase="request" />
          <Lane flow={flow} phase="response" />
        </div>
      </div>
      <BackendPost />
    </div>
  );
}
