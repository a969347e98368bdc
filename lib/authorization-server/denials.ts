import { LRUCache } from "lru-cache";
import { counters } from "@/lib/platform/counters";
import { database } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import type { AuditedClient, Denial } from "./audit";
import type { EndpointName } from "./endpoints";

const WINDOW_SECONDS = 15 * 60;
/** Entries of one client with one error code in a window: of different reasons, one of each. */
const ENTRIES_MAX = 5;
/** Strangers share the entries of their server, so they can't flood the list. */
const STRANGER = "an unknown client";
const KNOWN_MAX = 10_000;
const REASON_LENGTH_MAX = 300;

/** What more there was of the same since the last entry, in this process. */
const repeated = () => singleton("denials-repeated", () => new LRUCache<string, number>({ max: KNOWN_MAX }));

const ACTIONS: Readonly<Record<EndpointName, string>> = {
  token: "a token",
  introspection: "an introspection",
  revocation: "a revocation",
  jwks: "its keys",
};

/** Adds an entry unless there was one like it, or enough of the kind, in the last 15 minutes, counted with all processes. */
async function record(
  endpoint: EndpointName,
  { serverId, application }: AuditedClient,
  { status, error, description, reason }: Denial,
): Promise<void> {
  const who = application?.id ?? STRANGER;
  // What a stranger sent is in the reason, so that one isn't a key: it would make new ones without end.
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
  const name = application?.name ?? STRANGER;
  const summary = `Denied ${name} ${ACTIONS[endpoint]} of ${serverId}: ${error}. ${why}${earlier}`;
  // Who fails to authenticate isn't known to be the application whose client ID it uses.
  const actor = status === 401 || status === 429 ? STRANGER : name;
  await database().activity.create({ data: { id: newId("act"), actor, action: "denied", ...target, summary } });
}

/** Adds a denial to the activity list, at most one entry of its kind in 15 minutes. It neither waits nor throws. */
export function recordDenial(endpoint: EndpointName, by: AuditedClient, denial: Denial): void {
  record(endpoint, by, denial).catch((error: unknown) => logger().warn({ err: error }, "a denial could not be added to the activity"));
}
