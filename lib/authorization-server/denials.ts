import { LRUCache } from "lru-cache";
import { counters } from "@/lib/platform/counters";
import { database } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import type { AuditedClient, Denial } from "./audited-client";
import type { EndpointName } from "./endpoints";

const WINDOW_SECONDS = 15 * 60;
/** Maximum entries per client and error code in a window; at most one per reason. */
const ENTRIES_MAX = 5;
/** All unknown clients of a server share its entries, so they can't flood the list. */
const UNKNOWN_CLIENT = "an unknown client";
const REPEATED_MAX = 10_000;
const REASON_LENGTH_MAX = 300;

/** Denials of each kind since its last entry, in this process. */
const repeated = () => singleton("denials-repeated", () => new LRUCache<string, number>({ max: REPEATED_MAX }));

const ACTIONS: Readonly<Record<EndpointName, string>> = {
  token: "a token",
  introspection: "an introspection",
  revocation: "a revocation",
  jwks: "its keys",
};

/** Adds an entry unless the last 15 minutes have the same one or the maximum of its kind, across all processes. */
async function record(
  endpoint: EndpointName,
  { serverId, application }: AuditedClient,
  { status, error, description, reason }: Denial,
): Promise<void> {
  const who = application?.id ?? UNKNOWN_CLIENT;
  // An unknown client controls its reason, so the reason isn't part of its key.
  const kind = [serverId, endpoint, who, error].join(" ");
  const same = application ? `${kind} ${reason ?? description}` : kind;
  const limits = [
    { pool: "denial-kind", key: kind, max: ENTRIES_MAX, windowSeconds: WINDOW_SECONDS },
    { pool: "denial", key: same, max: 1, windowSeconds: WINDOW_SECONDS },
  ];
  if ((await counters().take(limits)) > 0) {
    repeated().set(same, (repeated().get(same) ?? 0) + 1);
    return;
  }
  const more = repeated().get(same) ?? 0;
  repeated().delete(same);
  const why = (reason ?? description).slice(0, REASON_LENGTH_MAX);
  const earlier = more === 0 ? "" : ` ${more} more since the last entry.`;
  const target = application ? { target: "application", targetId: application.id } : { target: "authorization-server", targetId: serverId };
  const name = application?.name ?? UNKNOWN_CLIENT;
  const summary = `Denied ${name} ${ACTIONS[endpoint]} of ${serverId}: ${error}. ${why}${earlier}`;
  // An unauthenticated client may use another application's client ID.
  const actor = status === 401 || status === 429 ? UNKNOWN_CLIENT : name;
  await database().activity.create({ data: { id: newId("act"), actor, action: "denied", ...target, summary } });
}

/** Adds a denial to the activity list in the background, at most once per kind in 15 minutes. */
export function recordDenial(endpoint: EndpointName, by: AuditedClient, denial: Denial): void {
  record(endpoint, by, denial).catch((error: unknown) => logger().warn({ err: error }, "can't add a denial to the activity list"));
}
