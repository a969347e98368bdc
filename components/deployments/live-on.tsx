"use client";

import { useDeploymentGateways } from "@/components/data/gateways";
import { Link } from "@/components/ui/link";
import { StateMark } from "@/components/ui/state-mark";
import { liveWords } from "./live-words";

/** Shows on how many gateways the active deployment is live, and which lag. */
export function LiveOn({ apiId, number }: { apiId: string; number: number }) {
  const gateways = useDeploymentGateways(apiId, number);
  if (!gateways.data) return null;
  const { count, isEverywhere, lagging } = liveWords(number, gateways.data);
  return (
    <p className="flex flex-wrap items-center gap-x-3">
      <StateMark meaning={isEverywhere ? "guarded" : "pending"}>{count}</StateMark>
      {lagging !== null && (
        <span className="text-muted [overflow-wrap:anywhere]">
          Not on {lagging}:{" "}
          <Link href="/gateways" quiet>
            show gateways
          </Link>
        </span>
      )}
    </p>
  );
}
