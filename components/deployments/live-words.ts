import type { DeploymentGatewaysView } from "@/lib/management/contract/gateways";

/** Maximum gateways to name; the rest are counted. */
const NAMED_MAX = 2;

/** A deployment's progress on the gateways. */
export interface LiveWords {
  /** "Deployment 3 is live on 2 of 3 gateways"; no count with a single gateway. */
  title: string;
  /** "Live on 2 of 3 gateways" */
  count: string;
  isEverywhere: boolean;
  /** The gateways that don't run it; null if all do. */
  lagging: string | null;
}

function named(ids: readonly string[]): string {
  const [first, ...rest] = ids.slice(0, NAMED_MAX);
  if (first === undefined) return "";
  if (ids.length > NAMED_MAX) return `${[first, ...rest].join(", ")} and ${ids.length - NAMED_MAX} more`;
  return [first, ...rest].join(" and ");
}

/** Describes on which gateways a deployment is live. */
export function liveWords(number: number, { live, of, gateways }: DeploymentGatewaysView): LiveWords {
  const behind = gateways.filter((gateway) => gateway.number !== number).map(({ id }) => id);
  const on = `live on ${live} of ${of} ${of === 1 ? "gateway" : "gateways"}`;
  const isEverywhere = behind.length === 0;
  return {
    title: of === 1 && isEverywhere ? `Deployment ${number} is live` : `Deployment ${number} is ${on}`,
    count: `${on.charAt(0).toUpperCase()}${on.slice(1)}`,
    isEverywhere,
    lagging: isEverywhere ? null : named(behind),
  };
}
